"""Floor 1: what each item of a place does there.

Which names a level word speaks of, what is counted, what is a village's or a river's name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from geo.place_grammar import OUT_OF, Item, Word, weak

OTHER, VILLAGE = "other", "village"  # the second: named, known to have no P-code, no misspelt name
VILLAGE_LEVEL, TOWN, DISTRICT, PROVINCE = "adm3", "town", "adm2", "adm1"
_COUNT_REACH = 4  # items between a number and the word it counts: "18 of the priority districts"


@dataclass(frozen=True, slots=True)
class Want:
    """The level at which a name is meant; ``direct`` when a word in the singular right beside it says so."""

    level: str
    direct: bool = False


@dataclass(slots=True)
class Parsed:
    """The items of one place with the levels wanted of its names (by position) and what is counted in it."""

    items: list[Item]
    prose: bool = False
    wants: dict[int, Want] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    whole: bool = False  # "all provinces"
    villages: bool = False  # a village is named


def parse(items: list[Item], prose: bool = False) -> Parsed:
    """Give every item its role, in place.  In ``prose`` only words with a capital belong to a river's name."""
    parsed = Parsed(items, prose)
    roles = {item.word.role for item in items if item.word}
    for step, role in _STEPS:
        if not role or role in roles:
            step(parsed)
    return parsed


def after(items: list[Item], position: int) -> int:
    """Return the position of the next item that is no filler (-1 at the end)."""
    return next((at for at in range(position + 1, len(items)) if not items[at].is_word("filler")), -1)


def before(items: list[Item], position: int) -> int:
    """Return the position of the item before that is no filler (-1 at the start)."""
    return next((at for at in range(position - 1, -1, -1) if not items[at].is_word("filler")), -1)


def levels(parsed: Parsed, *wanted: str) -> Iterator[tuple[int, Word]]:
    """Yield the positions of the level words that nothing has explained yet."""
    for position, item in enumerate(parsed.items):
        if item.word and item.word.role == "level" and item.word.value in wanted and not item.used:
            yield position, item.word


def _exceptions(parsed: Parsed) -> None:
    """Take out what a place says that it leaves out ("all provinces except A and B")."""
    out = False
    for item in parsed.items:
        out = item.is_word("except") or (out and not (item.kind == "sep" and item.text != ","))
        if out and item.kind != "sep":
            item.kind = VILLAGE


def _villages(parsed: Parsed) -> None:
    """Take the names of villages out: a village has no P-code, whatever district it shares its name with."""
    items = parsed.items
    for position, word in list(levels(parsed, VILLAGE_LEVEL)):
        number = _number_before(items, position)
        if word.before:
            taken = _run(items, position, 1)
        elif number >= 0:
            taken = list(range(number, position))
        else:
            taken = _run(items, position, -1, many=word.many) or ([] if word.many else _named_after(items, position))
        items[position].kind = VILLAGE
        if not taken and word.before:
            items[position].kind = OTHER
        for at in taken:
            items[at].kind = VILLAGE
        parsed.villages |= bool(taken) and number < 0


def _run(items: list[Item], position: int, step: int, many: bool = False) -> list[int]:
    """Return the positions of the unknown words, numbers and names that run up to ``position`` from one side.

    A name that is a word of its own ends the run, unless it stands right at ``position`` in the singular.
    """
    taken: list[int] = []
    at = position + step
    while 0 <= at < len(items):
        item = items[at]
        if item.kind == "name" and (item.used or (not weak(item) and (taken or many))):
            break
        joins = many and taken and (item.is_word("list") or item.text == ",")
        if item.kind not in {OTHER, "name", "number"} and not joins:
            break
        taken.append(at)
        at += step
    while taken and items[taken[-1]].kind not in {OTHER, "name", "number"}:
        taken.pop()
    return taken


def _named_after(items: list[Item], position: int) -> list[int]:
    """Return the positions of the name in "village of X", unless a level word makes X a district or province."""
    link = after(items, position)
    if link < 0 or not items[link].is_word("link"):
        return []
    taken = _run(items, link, 1)
    end = after(items, max(taken, default=link))
    return [] if end >= 0 and items[end].is_word("level") else taken


def _nature(parsed: Parsed) -> None:
    """Take the names of rivers, parks and the like out, with an area's name inside them."""
    for position, item in enumerate(parsed.items):
        if item.is_word("nature"):
            item.kind = OTHER
            at = position - 1
            while (
                at >= 0
                and parsed.items[at].kind in {OTHER, "name"}
                and not (parsed.prose and parsed.items[at].text.islower())
            ):
                parsed.items[at].kind = OTHER
                at -= 1


def _weak_names(parsed: Parsed) -> None:
    """Take a short or common name beside unknown words as a part of those."""
    items = parsed.items
    for position, item in enumerate(items):
        if item.kind != "name" or not weak(item):
            continue
        left = items[position - 1] if position else None
        right = items[position + 1] if position + 1 < len(items) else None
        told = (right and right.is_word("level")) or (left and left.word and left.word.before)
        sides = [left, right]
        if left and left.is_word("link") and position > 1:
            sides.append(items[position - 2])  # "work from home"
        if not told and any(side and side.kind in {OTHER, VILLAGE, "number"} for side in sides):
            item.kind = OTHER


def _number_before(items: list[Item], position: int) -> int:
    """Return the position of the number that counts the word at ``position``, or -1."""
    for at in range(position - 1, max(position - 2 - _COUNT_REACH, -1), -1):
        item = items[at]
        if item.kind == "number":
            return at
        if item.is_word("link") and _out_of(items, at) and _many(items[position]):
            return at - 1
        if item.kind not in {OTHER, VILLAGE} and not item.is_word("filler", "region", "part", "list", "all", "country"):
            return -1
    return -1


def _out_of(items: list[Item], at: int) -> bool:
    """Whether a link says that a number is a part of what follows ("18 of the ...")."""
    word = items[at].word
    return word is not None and word.value == OUT_OF and at > 0 and items[at - 1].kind == "number"


def _many(item: Item) -> bool:
    return item.word is not None and item.word.many  # "phase 2 of the district" counts none


def _counts(parsed: Parsed) -> None:
    """Read "12 provinces", "18 of the priority districts" and "all provinces"."""
    items = parsed.items
    for position, word in levels(parsed, PROVINCE, DISTRICT):
        number = _number_before(items, position)
        start = number if number >= 0 else position
        everything = start > 0 and items[before(items, start)].is_word("all") and before(items, start) >= 0
        if everything:
            items[before(items, start)].used = True
        if number < 0:
            parsed.whole |= everything and not _narrowed(items, position, word.value)
            items[position].used = everything
            continue
        value = items[number].number
        if number and items[number - 1].kind == "number" and items[number - 1].number % 10 == 0 and value < 10:
            number -= 1  # twenty five
            value += items[number].number
        parsed.counts[word.value] = max(value, parsed.counts.get(word.value, 0))
        for at in range(number, position + 1):
            items[at].used = not items[at].is_word("region")


def _narrowed(items: list[Item], position: int, level: str) -> bool:
    """Whether a place tells of which part all units are: a name behind "all provinces", anything beside districts."""
    if level == PROVINCE:
        return any(item.kind == "name" for item in items[position + 1 :])
    return any(item.kind in {"name", "number"} or item.is_word("region") for item in items)


def _beside(parsed: Parsed) -> None:
    """Let level words speak of the name right beside them, and of the list that the name ends."""
    items = parsed.items
    for position, word in list(levels(parsed, PROVINCE, DISTRICT, TOWN)):
        right, left = after(items, position), before(items, position)
        if left >= 0 and items[left].text == "(" and right >= 0 and items[right].text == ")":
            left = before(items, left)
        if word.before and right >= 0 and items[right].kind == "name":
            parsed.wants[right] = Want(word.value, direct=True)
        elif left >= 0 and items[left].kind == "name" and left not in parsed.wants:
            parsed.wants[left] = Want(word.value, direct=not word.many)
            _spread_back(parsed, left, word)
        else:
            continue
        items[position].used = True


def _spread_back(parsed: Parsed, position: int, word: Word) -> None:
    """Let "A, B and C districts" speak of A and B too (a plural word, or a list with "and" in it)."""
    items = parsed.items
    group = _listed(items, position, -1)
    joined = word.many or any(items[at].is_word("list") for at in range(min(group, default=position), position))
    for at in group if joined else ():
        parsed.wants.setdefault(at, Want(word.value))


def _listed(items: list[Item], start: int, step: int) -> list[int]:
    """Return the positions of the names that commas and "and" join to ``start``; unknown names may stand between."""
    group: list[int] = []
    at = start + step
    while 0 <= at < len(items):
        jointed = False
        while 0 <= at < len(items) and (items[at].text == "," or items[at].is_word("list", "filler")):
            jointed |= not items[at].is_word("filler")
            at += step
        if not jointed or not 0 <= at < len(items):
            break
        if items[at].kind == "name":
            group.append(at)
            at += step
        else:
            while 0 <= at < len(items) and items[at].kind == OTHER:
                at += step
    return group


def _headers(parsed: Parsed) -> None:
    """Let "provinces of A and B", "two districts (A, B)" and "town of A" speak of the names that follow."""
    items = parsed.items
    for position, item in enumerate(items):
        word = item.word
        if not word or word.role != "level" or word.value == VILLAGE_LEVEL:
            continue
        counted = item.used and _number_before(items, position) >= 0
        if item.used and not counted:
            continue
        at = after(items, position)
        joint = items[at] if at >= 0 else None
        if not joint or not (joint.is_word("link") or joint.kind == "name" or joint.text in {":", "(", "-"}):
            continue
        group = _group(parsed, at if joint.kind == "name" else at + 1)
        if not group:
            continue
        item.used = True
        level = word.value
        if level == DISTRICT and joint.is_word("link") and (counted or (word.many and _all_provinces(items, group))):
            level = PROVINCE  # "two districts of A": A holds them
        single = len(group) == 1 and not (counted or word.many)
        for name in group:
            parsed.wants.setdefault(name, Want(level, direct=single))


def _group(parsed: Parsed, start: int) -> list[int]:
    """Return the positions of the names listed from ``start`` on."""
    first = next((at for at in range(start, len(parsed.items)) if not parsed.items[at].is_word("filler")), -1)
    if first < 0 or parsed.items[first].kind != "name":
        return []
    return [first, *_listed(parsed.items, first, 1)]


def _all_provinces(items: list[Item], group: list[int]) -> bool:
    return all(name is not None and bool(name.adm1) for name in (items[at].name for at in group))


# What is done in turn, each with the role of a word without which it finds nothing ("" for none).
_STEPS: tuple[tuple[Callable[[Parsed], None], str], ...] = (
    (_exceptions, "except"),
    (_villages, "level"),
    (_nature, "nature"),
    (_weak_names, ""),
    (_counts, "level"),
    (_beside, "level"),
    (_headers, "level"),
)
