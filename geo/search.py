"""Floor 5.3: one search over everything: an SQLite FTS5 index in memory, with typing errors forgiven by rapidfuzz.

A query is folded (``geo/fold.py``) to words of letters, marks and digits before it meets FTS5, and each word is
quoted: no character of a query is syntax.  Names of areas in a query are read by the gazetteer, so that every spelling
in either script finds the area and what is done there.  Lao writes no spaces between words: Lao text is also found
inside a run of letters, by trigrams.  A word that begins no word of the index is replaced by the nearest ones, and the
answer says so.
"""

from __future__ import annotations

import sqlite3
import threading
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from geo import gazetteer, news
from geo.dataset import Dataset
from geo.fold import LAO, fold
from geo.search_documents import KINDS, Document, documents

MAX_TEXT = 200  # characters of a query that are read
MAX_WORDS = 12
NEAR = 75.0  # of 100: below it a word of the index is no correction of one that was typed
NEAR_BEST = 8.0  # corrections this much worse than the best are left out
NEAR_WORDS = 5
SHORTEST_CORRECTED = 4  # letters; a shorter word is near to too many
SHORTEST_PREFIX = 2
TRIGRAM = 3
WEIGHTS = "10.0, 6.0, 1.0, 2.0"  # of a hit in name, aliases, body, places
RERANKED = 40  # hits a kind whose names are compared with the query
_LAO_LETTERS = frozenset(map(chr, range(ord(LAO[0]), ord(LAO[-1]) + 1)))
_CATEGORIES = "\"unicode61 remove_diacritics 0 categories 'L* M* N* Co'\""


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found; ``score`` compares hits of one query only (greater is better)."""

    document: Document
    score: float


@dataclass(frozen=True, slots=True)
class Group:
    """The best hits of one kind, best first, and how many there are in all."""

    kind: str
    hits: tuple[Hit, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a query found: groups, the likeliest first.

    ``corrected`` are (typed, read as) pairs; ``some`` says that nothing has all the words, and these have some of them.
    """

    text: str
    groups: tuple[Group, ...]
    corrected: tuple[tuple[str, str], ...] = ()
    some: bool = False

    @property
    def total(self) -> int:
        """Everything found."""
        return sum(group.total for group in self.groups)


@dataclass(frozen=True, slots=True)
class _Term:
    """A part of a query: ``words`` as folded, the areas that it names, and the words that it is also read as."""

    words: tuple[str, ...]
    areas: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    def expression(self) -> str:
        """Return the FTS5 expression; words are quoted, and hold nothing but letters, marks and digits."""
        parts = [f'places : "{fold(code)}"' for code in self.areas]
        if self.also:
            parts += [f'"{word}"' for word in self.also]
            return f"({' OR '.join(parts)})"
        phrase, last = " + ".join(f'"{word}"' for word in self.words), self.words[-1]
        if len(last) > (TRIGRAM if last.isdigit() else SHORTEST_PREFIX):
            parts.append(f"{phrase}*")
        elif len(last) == SHORTEST_PREFIX and not last.isdigit():
            # Two letters begin a word of nearly every text: they are completed in names alone.
            parts += [phrase, f"{{name aliases}} : {phrase}*"]
        else:
            parts.append(phrase)
        return f"({' OR '.join(parts)})"


class Index:
    """The index of one set of documents.  Safe to share between threads: one query at a time."""

    def __init__(self, found: Sequence[Document]) -> None:
        """Build the index.

        Raises:
            sqlite3.OperationalError: when SQLite was built without FTS5 or is older than 3.34.
        """
        self.documents = tuple(found)
        self._lock = threading.Lock()
        self._base = sqlite3.connect(":memory:", check_same_thread=False)
        self._base.execute(
            f"CREATE VIRTUAL TABLE words USING fts5(name, aliases, body, places, content='', prefix='2 3 4', "
            f"tokenize={_CATEGORIES})"
        )
        self._base.execute("CREATE VIRTUAL TABLE runs USING fts5(text, content='', tokenize='trigram')")
        names = [(fold(f"{one.name_en} {one.name_lo} {one.key if _said(one) else ''}"), one) for one in self.documents]
        self._base.executemany(
            "INSERT INTO words (rowid, name, aliases, body, places) VALUES (?, ?, ?, ?, ?)",
            ((row, name, one.aliases, one.body, one.places) for row, (name, one) in enumerate(names)),
        )
        texts = ((row, _lao(f"{name} {one.aliases} {one.body}")) for row, (name, one) in enumerate(names))
        self._base.executemany("INSERT INTO runs (rowid, text) VALUES (?, ?)", (pair for pair in texts if pair[1]))
        for table in ("words", "runs"):
            self._base.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
        self._base.execute("CREATE VIRTUAL TABLE vocabulary USING fts5vocab(words, 'row')")
        self._vocabulary = sorted(term for (term,) in self._base.execute("SELECT term FROM vocabulary"))
        self._correctable = [term for term in self._vocabulary if len(term) >= SHORTEST_CORRECTED and term.isalpha()]
        self._names = [fold(one.name_en) for one in self.documents]

    def find(self, text: str, limit: int = 8) -> Found:
        """Return what is found for any text, at most ``limit`` hits a kind.  Total: no text raises.

        All words of the query must be found; where nothing has them all, any of them will do.
        """
        query = text[:MAX_TEXT]
        terms = _terms(query)
        if not terms:
            return Found(text, ())
        some = False
        with self._lock:
            read = [self._read(term) for term in terms]
            rows = self._rows(read, " AND ")
            if not rows:
                read = [self._corrected(term) for term in terms]
                rows = self._rows(read, " AND ")
            if not rows and len(read) > 1:
                some, rows = True, self._rows(read, " OR ")
        changed = tuple((" ".join(term.words), term.also[0]) for term in read if term.also) if rows else ()
        meant = " ".join(term.also[0] if term.also else " ".join(term.words) for term in read)
        return Found(text, self._groups(rows, meant, limit), changed, some and bool(rows))

    def _read(self, term: _Term) -> _Term:
        """Replace a word that begins no word of the index by the nearest ones."""
        if term.areas or any(map(self._begins, term.words)) or (_lao(term.words[0]) and self._inside(term)):
            return term
        return self._corrected(term)

    def _inside(self, term: _Term) -> bool:
        """Tell whether a word stands inside a run of Lao letters."""
        sql = "SELECT 1 FROM runs WHERE runs MATCH ? LIMIT 1"
        return self._base.execute(sql, (f'"{"".join(term.words)}"',)).fetchone() is not None

    def _begins(self, word: str) -> bool:
        at = bisect_left(self._vocabulary, word)
        return at < len(self._vocabulary) and self._vocabulary[at].startswith(word)

    def _corrected(self, term: _Term) -> _Term:
        word = "".join(term.words)
        if term.areas or len(word) < SHORTEST_CORRECTED or not self._correctable:
            return term
        near = process.extract(word, self._correctable, scorer=fuzz.ratio, score_cutoff=NEAR, limit=NEAR_WORDS)
        kept = tuple(other for other, score, _ in near if score >= near[0][1] - NEAR_BEST)
        if not kept or word in kept:
            return term
        return _Term(term.words, gazetteer.match(kept[0]).areas, kept)

    def _rows(self, terms: Sequence[_Term], joint: str) -> list[tuple[int, float]]:
        """Return (row, rank) of each hit; a smaller rank is better."""
        rows = self._by_word(terms, joint)
        inside = [term for term in terms if not term.also and len(_lao("".join(term.words))) >= TRIGRAM]
        if not inside:
            return list(rows.items())
        query = joint.join(f'"{"".join(term.words)}"' for term in inside)
        sql = "SELECT rowid, bm25(runs) FROM runs WHERE runs MATCH ?"
        lao: dict[int, float] = dict(self._base.execute(sql, (query,)))
        if others := [term for term in terms if term not in inside]:
            with_others = self._by_word(others, joint)
            kept = lao.keys() & with_others.keys() if joint == " AND " else lao.keys() | with_others.keys()
            lao = {row: lao.get(row, 0.0) + with_others.get(row, 0.0) for row in kept}
        return list((lao | rows).items())

    def _by_word(self, terms: Sequence[_Term], joint: str) -> dict[int, float]:
        sql = f"SELECT rowid, bm25(words, {WEIGHTS}) FROM words WHERE words MATCH ?"
        return dict(self._base.execute(sql, (joint.join(term.expression() for term in terms),)))

    def _groups(self, rows: Sequence[tuple[int, float]], query: str, limit: int) -> tuple[Group, ...]:
        by_kind: dict[str, list[tuple[float, int]]] = {kind: [] for kind in KINDS}
        for row, rank in rows:
            by_kind[self.documents[row].kind].append((rank, row))
        groups = []
        for kind, found in by_kind.items():
            if not found:
                continue
            best = sorted(found)[: max(limit, RERANKED)]
            hits = sorted((self._hit(row, rank, query) for rank, row in best), key=lambda hit: -hit.score)
            groups.append(Group(kind, tuple(hits[:limit]), len(found)))
        return tuple(sorted(groups, key=lambda group: (-_tier(group.hits[0].score), KINDS.index(group.kind))))

    def _hit(self, row: int, rank: float, query: str) -> Hit:
        document, name = self.documents[row], self._names[row]
        exact = query in (name, fold(document.name_lo), fold(document.key)) or f" {query} " in f" {document.aliases} "
        tier = 3 if exact else 2 if name.startswith(query) else 1 if query in name else 0
        # Of two areas or partners with equal names the one with more activities stands first.
        return Hit(document, tier * 1_000 - rank + min(document.count, 999) / 1_000)


def _tier(score: float) -> int:
    return int(score // 1_000)


def _said(document: Document) -> bool:
    """Tell whether people know a document by its key."""
    return document.kind in ("area", "agency", "activity")


def _lao(text: str) -> str:
    """Return the words of ``text`` that hold Lao letters, one space between them."""
    if _LAO_LETTERS.isdisjoint(text):
        return ""
    return " ".join(word for word in text.split() if not _LAO_LETTERS.isdisjoint(word))


def _terms(text: str) -> list[_Term]:
    """Return the parts of a query in their order: names of areas as one, other words by themselves."""
    titled = text.title()
    # A district's name counts in prose with a capital letter alone; people search in small letters.
    prose = titled if text == text.lower() and len(titled) == len(text) else text
    terms: list[_Term] = []
    at = 0
    for mention in gazetteer.mentions(prose):
        terms += [_Term((word,)) for word in fold(text[at : mention.start]).split()]
        if words := tuple(fold(text[mention.start : mention.end]).split()):
            terms.append(_Term(words, mention.areas or mention.candidates))
        at = mention.end
    terms += [_Term((word,)) for word in fold(text[at:]).split()]
    return list(dict.fromkeys(terms))[:MAX_WORDS]


@lru_cache(maxsize=2)
def index(data: Dataset) -> Index:
    """Return the index of a data set and the pack's news, built once for each data set.

    Raises:
        InputError: when the file of news cannot be used.
        PackError: when a table of the country pack is missing or wrong.
    """
    return Index(documents(data, news.embedded()))
