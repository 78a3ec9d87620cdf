"""Many files on a cluster: the figures of one process to the cent, whole after a kill, the same bytes each time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo import bulk, cli, cluster, dataset, gazetteer, intake, library, partitions, quality, summary
from geo.errors import InputError
from geo.export import csvfile
from geo.fields import Activity
from geo.filters import Filters
from tests.support_data import activities
from tests.test_summary import everything, same

FIXTURES = Path(__file__).parent / "fixtures" / "intake"
WRITTEN = datetime(2025, 3, 4, 12, tzinfo=UTC).timestamp()
PLACES = ("Vientiane", "Phongsaly Province", "Xay District", "nationwide", "Attapeu; Sekong", "somewhere", "Viangkham")
POINTS = ((14.8, 106.8), (21.7, 102.1), (17.41, 102.79), (18.0, 105.0), (17.97, 102.61))


SCHEDULER = (
    "import sys\nfrom geo import bulk\n"
    "with bulk.connected(bulk.LOCAL, int(sys.argv[1])) as one:\n"
    "    print(one.scheduler.address, flush=True)\n"
    "    sys.stdin.read()\n"
)


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """A client of a cluster of two processes; its scheduler is a process of its own, as it is where it is used.

    (Inside this process its threads would draw from ``random`` while hypothesis draws examples.)
    """
    command = [sys.executable, "-W", "error", "-c", SCHEDULER, "2"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        with bulk.connected(process.stdout.readline().strip(), 0) as one:
            yield one
        cluster.leave()
    finally:
        process.stdin.close()
        process.wait(60)
        process.stdout.close()


@st.composite
def files(draw: st.DrawFn) -> list[tuple[str, list[Any]]]:
    """Return a few files of random activities; ids may come again in another file."""
    found = []
    for number in range(draw(st.integers(1, 3))):
        ids = draw(st.lists(st.integers(0, 12), max_size=6, unique=True))
        rows = [
            replace(
                draw(activities(one)),
                title=f"Wells {one}",
                places=tuple(draw(st.lists(st.sampled_from(PLACES), max_size=2, unique=True))),
                scope_as_published=draw(st.sampled_from(["", "national", "subnational"])),
                iati=draw(st.sampled_from([(), (("exactness", "1"), ("location-class", "3"))])),
                points=tuple(draw(st.lists(st.sampled_from(POINTS), max_size=2, unique=True))),
            )
            for one in ids
        ]
        found.append((f"file-{number}.csv", rows))
    return found


def write(folder: Path, given_: list[tuple[str, list[Any]]]) -> list[Path]:
    """Write the files as exports and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, rows in given_:
        data = dataset.build(rows, digest="")
        (folder / name).write_bytes(csvfile.activities(data, Filters()))
        paths.append(folder / name)
    return paths


def embedded(paths: list[Path]) -> dataset.Dataset:
    """Return what one process makes of all files, the first of a repeated id kept."""
    kept: dict[str, Any] = {}
    for path in paths:
        for one in intake.read(path.read_bytes(), path.name).activities:
            kept.setdefault(one.activity_id, one)
    return dataset.build(list(kept.values()), digest="")


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files())
def test_a_cluster_gives_the_figures_of_one_process(client, tmp_path_factory, made):
    folder = tmp_path_factory.mktemp("bulk")
    paths = write(folder / "in", made)
    parts = bulk.run(paths, folder / "out", client)
    whole, opened = embedded(paths), library.from_file(folder / "out")
    assert opened.activities == whole.activities
    assert opened.corrected.decisions == whole.corrected.decisions
    assert opened.registered.decisions == whole.registered.decisions
    assert opened.rows_read == sum(len(rows) for _name, rows in made) == len(whole) + opened.rejected
    assert sum(part.rows for part in parts) == len(whole)
    address = client.scheduler.address
    for level, basis, method in (("adm1", "", "equal"), ("adm2", "stated total", "population")):
        asked = {"level": level, "basis": basis, "method": method}
        expected = summary.partial(whole, everything(whole), **asked)
        same(summary.partial(opened, everything(opened), **asked), expected)
        there = cluster.counted_at(opened, folder / "out", address)
        same(summary.partial(there, everything(there), **asked), expected)
        half = np.arange(len(whole)) % 2 == 0
        same(summary.partial(there, half, **asked), summary.partial(whole, half, **asked))


def test_a_repeated_id_is_a_problem_of_the_later_file(client, tmp_path):
    rows = list(library.embedded().activities[:4])
    paths = write(tmp_path / "in", [("a.csv", rows[:3]), ("b.csv", rows[2:])])
    parts = bulk.run(paths, tmp_path / "out", client)
    assert [part.rows for part in parts] == [3, 1]
    found = [
        one for one in partitions.read_problems(tmp_path / "out" / "problems.parquet") if one.kind == "duplicate_id"
    ]
    assert [(one.file, one.value, one.severity) for one in found] == [("b.csv", rows[2].activity_id, "error")]
    assert "a.csv, row 4" in found[0].expected


def test_a_folder_with_points_is_listed_exported_and_told_as_one_process_does(client, tmp_path, capsys):
    named = [(), ("Phongsaly",), ("Tangkong Mai",)]
    rows = [
        Activity(f"{at}-{number}", "Wells", places=places, points=(point,), row=2 + number)
        for at, places in enumerate(named)
        for number, point in enumerate(POINTS)
    ]
    paths = write(tmp_path / "in", [("a.csv", rows[:8]), ("b.csv", rows[8:])])
    bulk.run(paths, tmp_path / "out", client, most=4)
    whole, opened = embedded(paths), library.from_file(tmp_path / "out")
    assert opened.activities == whole.activities
    assert [one.points for one in opened.activities] == [one.points for one in rows]
    assert opened.corrected.decisions == whole.corrected.decisions
    assert opened.registered.decisions == whole.registered.decisions
    assert opened.corrected.decisions[0].areas == ("LA1702",)
    read = [intake.read(path.read_bytes(), path.name).problems for path in paths]
    assert opened.problems == tuple(one for found in read for one in found)
    assert {one.kind for one in opened.problems if one.column == "points"} == {"point_outside", "point_elsewhere"}
    for command in (["activities"], ["export", "-o", str(tmp_path / "out.csv")]):
        assert cli.main([*command, "--data", str(tmp_path / "out")]) == 0, command
    assert "Tangkong Mai" in (tmp_path / "out.csv").read_text(encoding="utf-8-sig")
    again = intake.read((tmp_path / "out.csv").read_bytes(), "out.csv").activities
    assert [(one.activity_id, one.points) for one in again] == [(one.activity_id, one.points) for one in rows]
    assert "2-4" in capsys.readouterr().out


def test_every_problem_of_every_file_is_in_the_one_table(client, tmp_path):
    bad = tmp_path / "no.bin"
    bad.write_bytes(b"\x00\x01 nothing that anybody reads")
    paths = [FIXTURES / "ten_faults.csv", bad]
    bulk.run(paths, tmp_path / "out", client)
    found = partitions.read_problems(tmp_path / "out" / "problems.parquet")
    assert found[:-1] == intake.read(paths[0].read_bytes(), paths[0].name).problems
    assert (found[-1].kind, found[-1].file) == ("unreadable_file", "no.bin")
    data = library.from_file(tmp_path / "out")
    assert (data.rows_read, len(data), data.rejected) == (12, 9, 3)
    assert set(data.came_from) == {("ten_faults.csv", "")}
    assert data.files == {"ten_faults.csv", "no.bin"}
    assert {fix.file for fix in quality.fix_list(data) if fix.kind == "left_out"} == {"ten_faults.csv"}


def test_the_same_files_give_the_same_bytes_that_others_can_read(client, tmp_path):
    rows = library.embedded().activities
    paths = write(tmp_path / "in", [("a.csv", list(rows[:100])), ("b.csv", list(rows[100:]))])
    for name in ("one", "two"):
        bulk.run(paths, tmp_path / name, client)
    names = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*") if path.is_file())
    assert [name.as_posix() for name in names] == [
        "activities/part-000000.parquet", "activities/part-000001.parquet", "manifest.json", "problems.parquet"
    ]  # fmt: skip
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name
    frame = gpd.read_parquet(tmp_path / "one" / names[0])
    assert frame.crs.to_epsg() in (4326, None) or "CRS84" in str(frame.crs)
    placed = frame.geometry.dropna()
    assert len(placed) == (frame["scope"] == "subnational").sum() > 10
    west, south, east, north = placed.total_bounds
    assert 100 < west < east < 108
    assert 13 < south < north < 23


def test_a_killed_run_goes_on_where_it_stopped(tmp_path):
    """SIGKILL in the middle; what was finished is not done again, and the result is that of a run nobody stopped."""
    rows = library.embedded().activities
    cut = [(f"{at:02}.csv", list(rows[12 * at : 12 * at + 12])) for at in range(20)]
    write(tmp_path / "in", cut)
    stage = tmp_path / "out" / bulk.STAGE
    arguments = [str(tmp_path / "in"), "--workers", "2"]
    process = start("bulk", *arguments, "-o", str(tmp_path / "out"))
    end = time.monotonic() + 120
    while len(finished := sorted(stage.glob("0*.json"))) < 3:
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < end
        time.sleep(0.005)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert not (tmp_path / "out" / "manifest.json").exists()
    with pytest.raises(InputError, match="no finished folder"):
        library.from_file(tmp_path / "out")
    before = {path: path.stat().st_mtime_ns for path in finished}
    note = (stage / bulk.RUN).read_text(encoding="utf-8")
    assert json.loads(note)["inputs"][0][0] == "00.csv"
    again = start("bulk", *arguments, "-o", str(tmp_path / "out"))
    watched = {}
    while again.poll() is None:
        watched |= {path: path.stat().st_mtime_ns for path in before if path.exists()}
        time.sleep(0.01)
    out, err = again.communicate()
    assert again.returncode == 0, err
    assert watched == before  # each written once
    assert "240 rows read = 240 accepted + 0 rejected, 20 files" in out
    assert not stage.exists()
    whole = start("bulk", *arguments, "-o", str(tmp_path / "whole"))
    assert whole.communicate()[1].strip().endswith("20 of 20 files, 240 activities")
    for path in sorted((tmp_path / "whole").rglob("*.*")):
        assert path.read_bytes() == (tmp_path / "out" / path.relative_to(tmp_path / "whole")).read_bytes()


def start(*arguments: str) -> subprocess.Popen[str]:
    """Start the command line in a process group of its own."""
    command = [sys.executable, "-W", "error", "-m", "geo", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)


def test_a_large_file_becomes_several_partitions_with_the_results_of_one(client, tmp_path):
    rows = list(library.embedded().activities)
    paths = write(tmp_path / "in", [("a.csv", rows[:90]), ("b.csv", rows[60:])])
    parts = bulk.run(paths, tmp_path / "out", client, most=40)
    assert [(part.source, part.rows, part.rows_read) for part in parts] == [
        ("a.csv", 40, 40),
        ("a.csv", 40, 40),
        ("a.csv", 10, 10),
        ("b.csv", 10, 40),  # 30 of them are in a.csv
        *[("b.csv", 40, 40)] * ((len(rows) - 100) // 40),
        *[("b.csv", left, left) for left in [(len(rows) - 100) % 40] if left],
    ]
    bulk.run(paths, tmp_path / "whole", client)
    one, other = library.from_file(tmp_path / "out"), library.from_file(tmp_path / "whole")
    assert one.activities == other.activities == embedded(paths).activities
    assert one.corrected.decisions == other.corrected.decisions
    assert one.rows_read == other.rows_read == len(rows) + 30
    assert (tmp_path / "out" / "problems.parquet").read_bytes() == (
        tmp_path / "whole" / "problems.parquet"
    ).read_bytes()
    (tmp_path / "out" / "manifest.json").unlink()
    with pytest.raises(InputError, match="not empty"):
        bulk.run(paths, tmp_path / "out", client)


def test_a_scheduler_that_is_lost_is_said_and_what_was_finished_is_kept(tmp_path, monkeypatch):
    rows = list(library.embedded().activities)
    paths = write(tmp_path / "in", [(f"{at:02}.csv", rows[:40]) for at in range(30)])
    monkeypatch.setattr(cluster, "PATIENCE", "2s")
    command = [sys.executable, "-c", SCHEDULER, "1"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        address = process.stdout.readline().strip()

        def end(done: int, of: int, rows: int) -> None:
            if done == 1:
                os.killpg(process.pid, signal.SIGKILL)

        bulk.run(paths[:1], tmp_path / "folder", one_file := cluster.connect(address, "a test"))
        one_file.close()
        there = cluster.counted_at(library.from_file(tmp_path / "folder"), tmp_path / "folder", address)
        assert summary.partial(there, everything(there)).total == 40
        with (
            pytest.raises(InputError, match=r"does not answer any more .*Expected .*Run the same command again"),
            bulk.connected(address, 0) as one,
        ):
            bulk.run(paths, tmp_path / "out", one, end)
    with pytest.raises(InputError, match=r"DASK_SCHEDULER .* does not answer any more .*count here"):
        summary.partial(there, everything(there))
    with pytest.raises(InputError, match="nothing answers there"):
        summary.partial(there, everything(there))
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "out" / bulk.STAGE).glob("0*.json")}
    assert 1 <= len(kept) < len(paths)
    for number in range(len(paths)):
        job = bulk.Job(str(paths[number]), paths[number].name, str(tmp_path / "out" / bulk.STAGE / f"{number:06}"))
        assert bulk.work(job).parts == ((40, 40),)
    assert kept == {path: path.stat().st_mtime_ns for path in kept}


def test_a_folder_is_opened_by_every_command(client, tmp_path, capsys, monkeypatch):
    bulk.run(write(tmp_path / "in", [("all.csv", list(library.embedded().activities))]), tmp_path / "out", client)
    texts = []
    for options in (["--data", str(tmp_path / "out")], []):
        assert cli.main(["summary", "--format", "json", *options]) == 0
        texts.append(capsys.readouterr().out)
    assert texts[0] == texts[1]
    key = library.embedded().activities[0].activity_id
    for options in (["--data", str(tmp_path / "out")], []):
        assert cli.main(["explain", *options, key]) == 0
        texts.append(capsys.readouterr().out)
    assert texts[2] == texts[3]
    monkeypatch.setenv(cluster.SCHEDULER, client.scheduler.address)
    assert cli.main(["summary", "--format", "json", "--data", str(tmp_path / "out")]) == 0
    assert capsys.readouterr().out == texts[1]


def test_a_folder_stands_for_the_embedded_data(client, tmp_path):
    bulk.run(write(tmp_path / "in", [("a.csv", list(library.embedded().activities[:7]))]), tmp_path / "out", client)
    os.utime(tmp_path / "out" / "manifest.json", (WRITTEN, WRITTEN))
    code = (
        "import json\n"
        "from geo import api_contents, library, store_decisions, words\n"
        "from geo.export import records\n"
        "from geo.filters import Filters\n"
        "data = library.current()\n"
        "version = api_contents.version(data)\n"
        "about = records.about(data, Filters())\n"
        "told = [words.version_name(data, 'en'), words.version_name(data, 'lo'), words.source(data, Filters())]\n"
        "told += [version['name'], version['number'], version['published'], about['version'], about['published']]\n"
        "print(json.dumps([len(data), len(store_decisions._ids(store_decisions.embedded_file())), *told]))"
    )
    environment = {**os.environ, "DATA": str(tmp_path / "out"), "LAO_SDG_STORE": str(tmp_path / "store.sqlite3")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    counted, known, english, lao, source, *answers = json.loads(done.stdout)
    assert (counted, known) == (7, 7)
    assert english == "folder out of 4 March 2025"
    assert ("out" in lao, "2025" in lao, "folder" in lao) == (True, True, False)
    assert source == "Source: folder out; data of 4 March 2025."
    assert answers == [english, None, "2025-03-04", english, "2025-03-04"]


@pytest.mark.parametrize("damage", ["changed", "cut", "gone"])
def test_a_damaged_folder_is_refused(client, tmp_path, damage):
    bulk.run(write(tmp_path / "in", [("a.csv", list(library.embedded().activities[:3]))]), tmp_path / "out", client)
    part = next((tmp_path / "out").glob("activities/*"))
    if damage == "gone":
        part.unlink()
    else:
        data = part.read_bytes()
        part.write_bytes(data[:-40] if damage == "cut" else data.replace(b"a", b"b", 1))
    with pytest.raises(InputError, match="Write the folder anew"):
        library.from_file(tmp_path / "out")


def test_what_cannot_be_used_is_said(client, tmp_path, monkeypatch):
    with pytest.raises(InputError, match="is not there"):
        bulk.run([tmp_path / "nothing.csv"], tmp_path / "out", client)
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="No file to read"):
        bulk.run([tmp_path / "empty"], tmp_path / "out", client)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("keep me", encoding="utf-8")
    with pytest.raises(InputError, match="not empty"):
        bulk.run([FIXTURES / "ten_faults.csv"], tmp_path / "full", client)
    assert (tmp_path / "full" / "mine.txt").exists()
    monkeypatch.setattr(cluster, "PATIENCE", "1s")
    with pytest.raises(InputError, match="nothing answers there"):
        cluster.connect("tcp://127.0.0.1:1", "--scheduler")


def test_without_dask_the_package_is_named(tmp_path):
    code = (
        "import sys; sys.modules['distributed'] = None\n"
        "from geo import cli\n"
        f"sys.exit(cli.main(['bulk', {str(FIXTURES / 'ten_faults.csv')!r}, '-o', {str(tmp_path / 'out')!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "dask[distributed]" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_the_parts_of_the_country_are_those_of_the_names(client, tmp_path):
    """What a partition says of areas is what its decisions say."""
    bulk.run(write(tmp_path / "in", [("a.csv", list(library.embedded().activities))]), tmp_path / "out", client)
    table = pq.read_table(next((tmp_path / "out").glob("activities/*")))
    areas = [set(found) for found in table["areas"].to_pylist()]
    assert areas == [set(one.areas) for one in library.embedded().corrected.decisions]
    assert set().union(*areas) <= {*gazetteer.all_areas("adm1"), *gazetteer.all_areas("adm2")}


ELSEWHERE = "import time\nfrom distributed import LocalCluster\n" + (
    "with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address='127.0.0.1:0') as one:\n"
    "    print(one.scheduler_address, flush=True)\n"
    "    input()\n"
)


def test_a_cluster_that_lacks_the_program_is_told_what_to_do(tmp_path):
    """Its processes start where the project is not, as those of another machine do."""
    bare = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    started = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": tmp_path, "env": bare}
    script = tmp_path / "cluster.py"
    script.write_text(f"if __name__ == '__main__':\n{textwrap.indent(ELSEWHERE, '    ')}", encoding="utf-8")
    with subprocess.Popen([sys.executable, str(script)], **started) as process:
        try:
            address = process.stdout.readline().strip()
            said = rf"--scheduler {address}: the scheduler cannot import geo; start .* PYTHONPATH=\S+ "
            with pytest.raises(InputError, match=said), bulk.connected(address, 0):
                pass
        finally:
            process.stdin.close()


@pytest.mark.parametrize(("answers", "said"), [([None, object()], "1 of 2 workers"), ([object()], ""), ([], "")])
def test_each_worker_is_asked_for_the_program(answers, said):
    class Client:
        def run_on_scheduler(self, function, name):
            return function(name)

        def run(self, function, name):
            assert function(name).name == "geo"
            return dict(enumerate(answers))

    assert cluster._lacking(Client()) == said
