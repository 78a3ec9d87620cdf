"""What ``bench_page.py`` compares the map page with: ``?way=empty``, a run that does nothing, and ``?way=folium``.

The second is st_folium as it is advised to be tuned: nothing returned, the map kept, a feature group that carries the
provinces in their new colours.  ``DATA`` names the file of activities, as for the dashboard.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import folium
import streamlit as st
from streamlit_folium import st_folium

from geo import boundaries, filters, library, summary
from geo.dataset import Dataset
from geo.filters import Filters

COLOURS = ("#ffffff", "#d5e3ef", "#a5c4de", "#6b9dc6", "#3a75a8", "#174a75")


@st.cache_resource
def data() -> Dataset:
    """Return the activities, read once."""
    return library.from_file(Path(os.environ["DATA"]))


@st.cache_resource
def provinces() -> Any:
    """Return the provinces as GeoJSON, about as coarse as those of our map."""
    return boundaries.simplified("adm1", 500)[["geometry"]].to_geo_dict()


def coloured(goal: int) -> folium.FeatureGroup:
    """Return the provinces with their counts of a goal as colours and tooltips."""
    found = data()
    figures = summary.partial(found, filters.apply(found, Filters(sdg=(str(goal),))))
    counts = dict(zip(figures.area.pcodes, figures.area.activities.tolist(), strict=True))
    most = max(1, *counts.values())
    group = folium.FeatureGroup(name="provinces")
    for feature in provinces()["features"]:
        count = counts[feature["id"]]
        hue = COLOURS[-(-count * (len(COLOURS) - 1) // most)]
        style = {"fillColor": hue, "fillOpacity": 1, "color": "#555", "weight": 1}
        shape = folium.GeoJson(feature, style_function=lambda _feature, style=style: style)
        group.add_child(shape.add_child(folium.Tooltip(f"{feature['id']}: {count}")))
    return group


def change() -> None:
    """Go on to the next goal."""
    st.session_state["turn"] = st.session_state.get("turn", 0) + 1


turn = st.session_state.get("turn", 0)
st.button("Change", on_click=change)
st.markdown(f"Turn {turn}")
if st.query_params.get("way") == "folium":
    plain = folium.Map(location=[18.2, 103.9], zoom_start=6, tiles=None)
    plain.default_js, plain.default_css = [("leaflet", "/leaflet/leaflet.js")], [("leaflet", "/leaflet/leaflet.css")]
    colours = coloured(1 + turn % 17)
    st_folium(plain, key="map", returned_objects=[], feature_group_to_add=colours, height=600, width=700)
