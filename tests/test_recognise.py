"""What a file is, its content tells, whatever its name; what is none of ours is refused with a word on what it is."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import intake
from geo.errors import InputError
from geo.readers import delimited, recognise

IATI = b"<?xml version='1.0'?>\n<!-- for <iati-organisations> too -->\n<iati-activities version='%s'></iati-activities>"


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"activity_id,title\na,b\n", "csv"),
        (b"a;b\n1;2\n", "csv"),
        ("activity_id,title\na,b\n".encode("utf-16"), "csv"),
        (b"Title,Where\n#activity+name,#adm1+code\nx,y\n", "hxl"),
        (b"made by us\n\nTitle;Where\n#activity +name;#adm1 +code\nx;y\n", "hxl"),
        (b"title,number\nwell,#1\n", "csv"),
        (IATI % b"2.03", "iati"),
        (IATI % b"1.05", "iati"),
        (b"\xef\xbb\xbf" + IATI % b"2.03", "iati"),
        ((IATI % b"2.03").decode().encode("utf-16"), "iati"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><iati-activities/>", "iati"),
        (b'  {"type": "FeatureCollection"}', "geojson"),
        (b"\xef\xbb\xbf[{}]", "geojson"),
        (b"{sector},title\na,b\n", "csv"),
    ],
)
def test_a_kind_is_told_by_the_content(data, kind):
    assert recognise.recognise(data, "photo.png") == kind


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "password-protected"),
        (zipped("a.shp", "a.dbf"), "zipped shapefile"),
        (zipped("content.xml"), "OpenDocument"),
        (zipped("a.csv"), "without a workbook"),
        (b"PK\x03\x04broken", "damaged archive"),
        (b"<html><body>Log in</body></html>", "root is 'html'"),
        (b"<iati-organisations/>", "root is 'iati-organisations'"),
        (b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY a '" + b"a" * 70_000, "without a root"),
    ],
)
def test_what_is_none_of_the_kinds_is_refused_with_its_name(data, words):
    with pytest.raises(InputError, match=words) as caught:
        recognise.recognise(data, "x.csv")
    assert "Expected CSV, XLSX" in str(caught.value)
    assert str(caught.value).startswith("x.csv is ")


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a;b\n1;2\n", ";"),
        ("activity_id,title,sdgs\na,t,1;2;3;4;5;6;7;8\nb,t,1;2;3;4;5;6;7;8\n", ","),
        ("Our work, 2024\nactivity_id;title;sdgs\na;t;1,2,3\n", ";"),
        ("sep=;\nactivity_id;title\na;t\n", ";"),
        ("a\tb, c and d\n1\t2, 3, 4\n", "\t"),
        ("one\ntwo\n", ","),
        ("", ","),
    ],
)
def test_the_delimiter_is_the_one_of_even_rows(text, delimiter):
    assert delimited.delimiter_of(text) == delimiter


def test_a_header_below_a_title_is_found_and_its_problems_have_its_row():
    found = intake.read(b"Our work, 2024\n\nactivity_id;title;Remarkable\na;t;x\n", "a.csv")
    assert [(activity.activity_id, activity.row) for activity in found.activities] == [("a", 4)]
    assert {problem.row for problem in found.problems if problem.kind.endswith("_column")} == {3}


def test_a_person_overrules_the_kind():
    data = b"activity_id,title\na,b\n#x,#y\n"
    assert recognise.recognise(data, "x") == "hxl"
    assert [activity.activity_id for activity in intake.read(data, "x", "csv").activities] == ["a", "#x"]
    with pytest.raises(InputError, match="got kind 'ods'; expected one of csv, xlsx, iati"):
        intake.read(data, "x", "ods")


beginnings = st.sampled_from(
    [
        b"",
        b"PK\x03\x04",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"<iati-activities",
        b"{",
        b"[{",
        b"id,title\n",
        b"#activity,#adm1\n",
    ]
)


@settings(max_examples=300)
@given(beginnings, st.binary(max_size=120) | st.text(max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused_in_words(start, rest):
    said = ""
    try:
        found = intake.read(start + rest, "x.bin")
    except InputError as error:
        said = str(error)
    assert "x.bin" in said if said else found.rows_read == len(found.activities) + found.rejected
