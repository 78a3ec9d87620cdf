"""A small app for the browser tests and the benchmark: the map alone, with figures from a seeded generator.

Query parameters: ``level`` (adm1, adm2), ``points`` (number), ``lang``, ``within``, ``layers`` (JSON), ``height``,
``hostile`` (1: markup in the texts).
"""

from __future__ import annotations

import json
import random
import sys
from decimal import Decimal
from pathlib import Path

import numpy as np
import streamlit as st

from geo import boundaries, codes, pack, webmap
from geo.mapspec import AreaFigure, LegendClass, Level, MapSpec
from pages._ui import mapfiles, server
from pages._ui.livemap import live_map

COLOURS = ("#ffffff", "#d5e3ef", "#a5c4de", "#6b9dc6", "#3a75a8", "#174a75")
HOSTILE = "{{7*7}}{% raw %}</script><img src=x onerror=alert(1)>"


def figure(pcode: str, name_en: str, name_lo: str, generator: random.Random, hostile: bool) -> AreaFigure:
    count = max(0, int(generator.gauss(14, 12)))
    goals = tuple(
        (goal.number, generator.randint(1, 1 + count)) for goal in codes.goals() if count and generator.random() < 0.4
    )
    unknown = generator.random() < 0.06
    return AreaFigure(
        pcode=pcode,
        name_en=name_en,
        name_lo=name_lo,
        class_index=-1 if unknown else 0 if count == 0 else min(5, 1 + count // 8),
        value=None if unknown else Decimal(count),
        value_text="" if unknown else str(count),
        activities=count,
        agencies=min(count, generator.randint(1, 14)),
        people_text=f"{generator.randint(1, 900):,},000" if generator.random() < 0.5 else "",
        budget_text=HOSTILE if hostile else f"USD {generator.randint(1, 40) / 10} – {generator.randint(41, 90) / 10}M",
        goals=goals,
    )


def spec(level: Level, seed: int, language: str = "en", within: str = "", hostile: bool = False) -> MapSpec:
    generator = random.Random(f"{level}{seed}")
    frame = boundaries.load().at(level)
    areas = tuple(
        figure(pcode, name_en, name_lo, generator, hostile)
        for pcode, name_en, name_lo, parent in zip(
            frame.index, frame["name_en"], frame["name_lo"], frame["parent"], strict=True
        )
        if not within or parent == within
    )
    labels = {-1: "No data", 0: "0 (none reported)", **{i: f"{8 * i - 7} – {8 * i}" for i in range(1, 6)}}
    classes = tuple(
        LegendClass(i, labels[i], COLOURS[i] if i >= 0 else "#b9c0c5", sum(a.class_index == i for a in areas))
        for i in (-1, 0, 1, 2, 3, 4, 5)
    )
    total = sum(area.activities for area in areas)
    return MapSpec(
        level=level, within=within, language=language, view="corrected", metric="activities",
        title="Fixture", subtitle="",
        legend_title=HOSTILE if hostile else "Activities per " + ("province" if level == "adm1" else "district"),
        classes=classes, areas=areas, total=total, located=total, nationwide=71, unlocated=4,
        nationwide_text="71 nationwide activities are not on the map", unlocated_text="4 unlocated", notes=(),
        source="fixture", attribution=str(pack.settings().data["boundary_credit"]), disclaimer="", created="2026-11-23",
        digest="0" * 64, rule_version="fixture",
    )  # fmt: skip


@st.cache_data
def table(size: int) -> bytes:
    generator = np.random.default_rng(7)
    places = np.array(list(boundaries.label_points("adm2").values()))
    chosen = places[generator.integers(0, len(places), size)] + generator.normal(0, 0.08, (size, 2))
    west, south, east, north = pack.settings().bounds
    return webmap.point_table(np.clip(chosen, (west, south), (east, north)).tolist())


def mask(size: int, seed: int) -> bytes:
    on = np.random.default_rng(seed).random(size) < 0.4
    return np.packbits(on, bitorder="little").tobytes()


def main() -> None:
    st.set_page_config(layout="wide")
    query = st.query_params
    level: Level = "adm2" if query.get("level") == "adm2" else "adm1"
    size, language = int(query.get("points", "242")), query.get("lang", "en")
    seed = st.session_state.setdefault("seed", 1)
    if st.button("Change"):
        seed = st.session_state["seed"] = seed + 1
    layers = json.loads(query.get("layers", "{}"))
    change = webmap.delta(
        spec(level, seed, language, query.get("within", ""), query.get("hostile") == "1"),
        point_mask=mask(size, seed),
        selected=st.session_state.get("selected", ""),
        layers=layers,
    )
    url = mapfiles.publish_points(table(size)) if size else ""
    event = live_map(change, points_url=url, key="map", height=int(query.get("height", "680")))
    if event:
        st.session_state.update(selected=event.pcode, told=f"event: {event.type} {event.pcode}")
        st.rerun()
    st.markdown(st.session_state.get("told", ""))
    st.markdown(f"seed: {seed}")


def serve(port: int) -> None:
    """Start the server of the dashboard with this script in the place of app.py."""
    asgi = server.build(Path(__file__).resolve())
    sys.argv = ["-c"]
    options = {"server.port": port, "server.address": "127.0.0.1", "server.headless": True}
    asgi.run(config={**options, "server.enableStaticServing": False})


if __name__ == "__main__":
    # Streamlit runs this very file as its script, and so does the one who starts the server.
    if st.runtime.exists():
        main()
    else:
        serve(int(sys.argv[1]))
