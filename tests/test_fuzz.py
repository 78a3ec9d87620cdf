"""What `make fuzz` found, read again; and its doors take the files that it starts from."""

from __future__ import annotations

import pytest

from tests.attack import fuzz

FOUND = sorted(fuzz.FIXTURES.glob("*.bin"))


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.stem)
def test_what_a_fuzzer_found_is_read_or_refused_in_words(path) -> None:
    fuzz.attempt(path.stem.partition("-")[0], path.read_bytes())


@pytest.mark.parametrize("reader", fuzz.READERS)
def test_the_doors_of_the_fuzzer_take_its_seeds_and_their_halves(reader: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OGR_SKIP", "")  # a reader of a child process sets it for itself; later children have their own
    for seed in fuzz.seeds(reader):
        fuzz.attempt(reader, seed)
        fuzz.attempt(reader, seed[: len(seed) // 2])
        fuzz.attempt(reader, seed[len(seed) // 2 :])


def test_an_error_that_is_none_of_ours_is_a_finding() -> None:
    def breaks(_data: bytes) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fuzz._once(breaks, False, b"")
    fuzz._once(breaks, True, b"")
