"""A country that does not exist, as a country pack: three provinces of two districts each, side by side in an ocean.

What belongs to no country (goals, agencies, statuses, templates of paper) is copied from ``data/``; all else is made.
Its local language is French, so that nothing can hang on the code of another.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from pathlib import Path

from geo.fields import Fields

DATA = Path(__file__).resolve().parent.parent / "data"
NAME, LOCAL_NAME = "Verdania", "Verdanie"
PROVINCES = {"VD1": ("Northmoor", "Landenord"), "VD2": ("Eastvale", "Valest"), "VD3": ("Southport", "Portsud")}
DISTRICTS = {
    "VD11": ("Alderbrook", "Aulnaie"),
    "VD12": ("Birchford", "Boulay"),
    "VD21": ("Cedarholm", "Cedraie"),
    "VD22": ("Dunmere", "Dunemer"),
    "VD31": ("Elmstead", "Ormeraie"),
    "VD32": ("Fernhill", "Fougeray"),
}
COLUMNS = tuple(map(str, Fields))
WEST, SOUTH, SIDE = -22.0, 30.0, 1.0  # degrees; a district is a square
OWN = {"lao_", "extra_aliases", "area_history", "neighbour_labels", "place_words", "scope_words", "notation"}
# A text of a list that is of another script; signs of money are of none.
OTHER_SCRIPT = re.compile(r'"[^"\n]*[^\x00-\u024f\u2010-\u2027\u20a0-\u20bf][^"\n]*",?')
TITLE, LOCAL_TITLE = "Verdania goals map", "Carte des objectifs de la Verdanie"

# id, title, goals, agencies, places, published scope, budget: what the tests count.
ACTIVITIES = (
    ("v1", "Wells in two villages", "6", "UNICEF", "Alderbrook District", "subnational", "100.01"),
    ("v2", "School meals", "2;4", "WFP;UNICEF", "Birchford District; Cedarholm District", "subnational", "200.00"),
    ("v3", "Roads to markets", "9", "UNDP", "Southport Province", "subnational", ""),
    ("v4", "National census", "17", "UNFPA", "nationwide", "national", "50.50"),
    ("v5", "Seeds for farmers", "2", "FAO", "Dunmere District, Eastvale Province", "subnational", "10.00"),
    ("v6", "Something somewhere", "1", "UNDP", "", "", ""),
)


def write(folder: Path) -> Path:
    """Write the pack into a folder and return it."""
    for name in ("codes", "boundaries", "activities", "news", "i18n/fr/LC_MESSAGES", "truth", "template"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    shutil.copytree(DATA / "typst", folder / "typst", dirs_exist_ok=True)
    for path in sorted((DATA / "codes").iterdir()):
        if not path.name.startswith(tuple(OWN)):
            text = path.read_text(encoding="utf-8-sig")
            (folder / "codes" / path.name).write_text(
                _generic(text, path.stem) if path.suffix == ".csv" else text, encoding="utf-8"
            )
    _tables(folder)
    _template(folder)
    _words(folder)
    (folder / "boundaries" / "adm2.geojson").write_text(json.dumps(_shapes(), ensure_ascii=False), encoding="utf-8")
    (folder / "i18n/fr/LC_MESSAGES/messages.po").write_text(
        'msgid ""\nmsgstr ""\n"Language: fr\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n\nmsgid "Activities"\nmsgstr "Activités"\n',
        encoding="utf-8",
    )
    (folder / "pack.toml").write_text(settings_text(), encoding="utf-8")
    return folder


def _generic(text: str, stem: str) -> str:
    """Return a table without what it says in the language of one country, and without that country's own goals."""
    rows = list(csv.DictReader(io.StringIO(text)))
    kept = [row for row in rows if not (stem == "goals" and int(row["number"]) > 17)]
    kept = [row for row in kept if not (stem == "targets" and int(row["goal"]) > 17)]
    return _csv([{name: "" if name.endswith("_lo") else _plain(cell) for name, cell in row.items()} for row in kept])


def _plain(cell: str) -> str:
    return cell.replace("Lao name", "Local name")


def _csv(rows: list[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _tables(folder: Path) -> None:
    codes = folder / "codes"
    provinces = [
        {
            "pcode": code, "iso3166_2": f"VD-{code[-1]}", "name_cod": en, "name_lo": local,
            "capital": DISTRICTS[f"{code}1"][0], "capital_district": f"{code}1 {DISTRICTS[f'{code}1'][0]}",
            "capital_lat": str(_middle(f"{code}1")[1]), "capital_lon": str(_middle(f"{code}1")[0]),
            "region_nsedp": "North" if code == "VD1" else "South", "geonames_admin1": "",
            "pop_census2021": str(1000 * int(code[-1])),
        }
        for code, (en, local) in PROVINCES.items()
    ]  # fmt: skip
    districts = [
        {
            "adm2_pcode": code, "adm1_pcode": code[:3], "adm1_name_cod": PROVINCES[code[:3]][0], "name_cod": en,
            "name_lo_cod": local, "name_lo_b": "", "name_lo_c": "", "name_en_alt": en,
            "lon": str(_middle(code)[0]), "lat": str(_middle(code)[1]),
        }
        for code, (en, local) in DISTRICTS.items()
    ]  # fmt: skip
    aliases = [
        {"pcode": code, "iso3166_2": f"VD-{code[-1]}", "alias": name, "source": "made up"}
        for code, names in PROVINCES.items()
        for name in names
    ]
    neighbour = {"iso3": "OCE", "name_en": "OCEAN", "name_lo": "", "lon": "-22.5", "lat": "31.0"}
    tables = {
        "adm1.csv": provinces,
        "adm2.csv": districts,
        "aliases.csv": aliases,
        "extra_aliases.csv": [{"pcode": "VD32", "alias": "Fern Hill", "source": "made up"}],
        "neighbour_labels.csv": [neighbour | {"meets_lon": "-22.0", "meets_lat": "31.0"}],
    }
    for name, rows in tables.items():
        (codes / name).write_text(_csv(rows), encoding="utf-8")
    (folder / "activities" / "all.csv").write_text(_csv(_activities()), encoding="utf-8")
    news = {"kind": "story", "date": "2026-01-05", "title": "Wells for Alderbrook", "provinces": "Northmoor"}
    news |= {"agencies": "UNICEF", "sdgs": "6", "source_url": "https://example.org/wells"}
    (folder / "news" / "all.csv").write_text(_csv([news]), encoding="utf-8")


def _activities() -> list[dict[str, str]]:
    names = ("activity_id", "title", "sdgs", "agencies", "locations_as_published", "scope_as_published", "budget_usd")
    rows = [dict.fromkeys(COLUMNS, "") | dict(zip(names, row, strict=True)) for row in ACTIVITIES]
    return [row | {"budget_basis": "stated total" if row["budget_usd"] else ""} for row in rows]


def _template(folder: Path) -> None:
    """Write the template's notes and its example rows, which are of this country."""
    notes = [
        {
            "column": name, "needed": "yes" if name in ("activity_id", "title") else "",
            "note_en": f"What your source says of {name}.", "note_lo": f"Ce que votre source dit de {name}.",
        }
        for name in COLUMNS
    ]  # fmt: skip
    examples = [
        {"activity_id": "EXAMPLE-1", "title": "Example: wells (delete this row)", "sdgs": "6", "agencies": "UNICEF"}
        | {"locations_as_published": "Northmoor Province;Valest", "budget_usd": "1200", "currency": "EUR"},
        {"activity_id": "EXAMPLE-2", "title": "Exemple : recensement (supprimez cette ligne)", "sdgs": "17"},
    ]
    (folder / "template" / "notes.csv").write_text(_csv(notes), encoding="utf-8")
    rows = [dict.fromkeys(COLUMNS, "") | row for row in examples]
    (folder / "template" / "examples.csv").write_text(_csv(rows), encoding="utf-8")


def _words(folder: Path) -> None:
    """Take the words for places, numbers and dates, but no name of a place and no currency of the first country."""
    notation = (DATA / "codes" / "notation.toml").read_text(encoding="utf-8")
    notation = OTHER_SCRIPT.sub("", re.sub(r"(?m)^LAK = .*$", "", notation))
    (folder / "codes" / "notation.toml").write_text(notation, encoding="utf-8")
    places = (DATA / "codes" / "place_words.toml").read_text(encoding="utf-8")
    places = re.sub(r"(?ms)^names = \[.*?\]$", f'names = ["{NAME}", "{LOCAL_NAME}"]', places, count=1)
    places = places.replace("pop_census2015", "pop_census2021")
    # Nothing of another script: the words of the first country's language and what is named in it.
    places = OTHER_SCRIPT.sub("", places)
    (folder / "codes" / "place_words.toml").write_text(places, encoding="utf-8")
    scope = (DATA / "codes" / "scope_words.toml").read_text(encoding="utf-8")
    scope = OTHER_SCRIPT.sub("", scope)
    scope = re.sub(r'"[^"\n]*\b(?:lao|laos|1[78]|eighteen|mekong)\b[^"\n]*",?', "", scope)
    scope = re.sub(r"(?ms)^capital_spot = \[.*?\]$", 'capital_spot = ["alder hall"]', scope)
    scope = re.sub(r"(?m)^country_points = .*$", "country_points = [[31.0, -20.5]]", scope)
    (folder / "codes" / "scope_words.toml").write_text(scope, encoding="utf-8")


def _corner(code: str) -> tuple[float, float]:
    return WEST + SIDE * (int(code[2]) - 1), SOUTH + SIDE * (int(code[3]) - 1)


def _middle(code: str) -> tuple[float, float]:
    x, y = _corner(code)
    return x + SIDE / 2, y + SIDE / 2


def _shapes() -> dict[str, object]:
    features = []
    for code, (en, local) in DISTRICTS.items():
        x, y = _corner(code)
        ring = [[x, y], [x + SIDE, y], [x + SIDE, y + SIDE], [x, y + SIDE], [x, y]]
        properties = {"pcode": code, "name_en": en, "name_lo": local, "parent": code[:3]}
        shape = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "id": code, "properties": properties, "geometry": shape})
    return {"type": "FeatureCollection", "features": features}


def settings_text() -> str:
    """Return the pack's ``pack.toml``."""
    return f"""[country]
pcode = "VD"
iso3 = "VRD"
name_en = "{NAME}"
name_lo = "{LOCAL_NAME}"
title_en = "{TITLE}"
title_lo = "{LOCAL_TITLE}"
languages = ["en", "fr"]
local_language = "fr"

[areas]
adm1 = 3
adm2 = 6
ambiguous = {{}}
capital = "VD1"
capital_namesake = "VD2"

[crs]
projected = "EPSG:32627"
bounds = [-22.1, 29.9, -18.9, 32.1]

[goals]
national = []

[census]
year = 2021
source = "Verdania Statistics"

[data]
activities = "activities/all.csv"
news = "news/all.csv"
adm1_names = "codes/adm1.csv"
adm1_aliases = "codes/aliases.csv"
adm2_names = "codes/adm2.csv"
date = "2026-02-01"
source = "Activities made up for a test"
boundary_credit = "Boundaries: made up, CC0"

[iati]
reporter = "{TITLE}"
reporter_ref = "VRD-GOALS-MAP"
reporter_type = "10"
"""
