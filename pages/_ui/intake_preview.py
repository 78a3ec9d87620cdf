"""What the file would change, before it changes anything: the line that adds up, the map, the activities by name."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from geo import colours, gazetteer, smallmap, words
from geo.dataset import Dataset
from geo.errors import shorten
from geo.fields import Activity
from geo.scope import ScopeDecision
from geo.versions import Changed, Comparison, Figure, Moved
from pages._ui import linked, state
from pages._ui.text import esc, md

FIRST = 60  # activities of a list
STEPS = 3  # shades on either side
Item = Activity | Changed | Moved
TIMES = 4  # of the small map's size


def draw(found: Comparison, before: Dataset, after: Dataset) -> None:
    """Draw what would change between two states of the data, in figures, on the map and as lists."""
    _ = state.words()
    st.subheader(_("What would change"), anchor="preview")
    lines = (
        (_("Shown now"), [one.old for one in found.totals]),
        (_("With this file"), [one.new for one in found.totals]),
    )
    st.html(
        '<div class="lao-band" data-preview="lines">'
        + "<br>".join(f"{esc(name)}: {esc(line(one))}" for name, one in lines)
        + "</div>"
    )
    if found.same:
        st.caption(md(_("Nothing would change: the same activities at the same places.")))
        return
    if len(found.removed) * 2 > found.totals[0].old:
        st.warning(md(_("More than half of the activities would be gone. Is the file really all there is?")))
    left, right = st.columns([2, 3], gap="large")
    with left:
        _map(found)
    with right:
        _provinces(found)
    lists(found, before, after)


def line(figures: Sequence[int]) -> str:
    """Return the line that adds up in words, of the total and each scope."""
    _ = state.words()
    total, located, nationwide, unlocated = figures
    return _("{total} activities = {located} in provinces + {nationwide} nationwide + {unlocated} unlocated").format(
        total=total, located=located, nationwide=nationwide, unlocated=unlocated
    )


def _map(found: Comparison) -> None:
    """Draw the provinces by what each gains or loses."""
    _ = state.words()
    steps = dict.fromkeys(gazetteer.all_areas("adm1"), 0) | {one.name: one.new - one.old for one in found.areas}
    most = max(1, *(abs(step) for step in steps.values()))
    losses, gains = (colours.ramp(hue, STEPS) for hue in (colours.LOSS_HUE, colours.GAIN_HUE))

    def shade(step: int) -> str:
        return (gains if step > 0 else losses)[-(-abs(step) * STEPS // most) - 1] if step else colours.ZERO_COLOUR

    wide, high = (side * TIMES for side in smallmap.SIZE)
    source = smallmap.picture({code: shade(step) for code, step in steps.items()}, _("Difference by province"), TIMES)
    alt = "; ".join(f"{words.area_name(code, 'en')} {step:+d}" for code, step in steps.items() if step)
    keys = ((losses[-1], _("fewer")), (colours.ZERO_COLOUR, _("the same")), (gains[-1], _("more")))
    legend = "".join(
        f'<span class="lao-keyed"><span class="lao-key" style="background:{colour}"></span>{esc(label)}</span> '
        for colour, label in keys
    )
    st.html(
        f'<figure class="lao-map"><img src="{esc(source)}" width="{wide}" height="{high}" '
        f'alt="{esc(alt or _("no difference"))}" style="width:{wide}px">'
        f"<figcaption>{esc(_('Activities by province'))}<br>{legend}</figcaption></figure>"
    )


def _provinces(found: Comparison) -> None:
    """Draw the provinces whose figure would change, the greatest change first."""
    _, language = state.words(), state.current().lang
    changed = sorted(found.areas, key=_by_size)
    rows = [
        (
            esc(words.area_name(one.name, language)),
            state.number(one.old),
            state.number(one.new),
            f"{one.new - one.old:+d}".replace("-", "−"),
        )
        for one in changed
    ]
    if not rows:
        st.caption(md(_("No province's figure would change.")))
        return
    head = (_("Province"), _("Now"), _("Then"), _("Difference"))
    st.html(linked.table(_("Activities by province, where they would change"), head, rows, numbers={1, 2, 3}))


def _by_size(one: Figure) -> tuple[int, str]:
    return -abs(one.new - one.old), one.name


def lists(found: Comparison, before: Dataset, after: Dataset) -> None:
    """Draw the activities by what would happen to them."""
    _ = state.words()
    kinds: tuple[tuple[str, Sequence[Item], Dataset, str], ...] = (
        (_("New"), found.added, after, _("In the file, and not in the data that is shown.")),
        (_("Changed"), found.changed, after, _("In both, with another value in at least one field.")),
        (_("Gone"), found.removed, before, _("In the data that is shown, and not in the file.")),
        (_("Elsewhere"), found.moved, after, _("In both, and counted at another place than now.")),
        (
            _("Placed by the rule"),
            found.ruled,
            after,
            _("New or changed, and counted elsewhere than its source says: what the rule, or a person, made of it."),
        ),
    )
    tabs = st.tabs([f"{name} ({len(items)})" for name, items, _data, _text in kinds])
    for tab, (name, items, data, text) in zip(tabs, kinds, strict=True):
        with tab:
            st.caption(md(text))
            _list(name, items, data)


def _list(name: str, items: Sequence[Item], data: Dataset) -> None:
    _ = state.words()
    if not items:
        st.caption(md(_("none")))
        return
    head = (_("Activity"), _("Row"), _("What"))
    rows = [(_title(_activity(one)), str(_activity(one).row or "–"), _what(one, data)) for one in items[:FIRST]]
    st.html(linked.table(name, head, rows, numbers={1}, hidden=True))
    if len(items) > FIRST:
        st.caption(md(_("{count} more").format(count=state.number(len(items) - FIRST))))


def _activity(one: Item) -> Activity:
    return one if isinstance(one, Activity) else one.activity


def _title(one: Activity) -> str:
    return f"{esc(shorten(one.title, 120))}<br><span class='lao-code'>{esc(one.activity_id)}</span>"


def _what(one: Item, data: Dataset) -> str:
    """Return what differs, of an activity that is new or gone where it stands, as HTML."""
    if isinstance(one, Changed):
        parts = (f"{two.name}: {shorten(two.old, 60) or '–'} → {shorten(two.new, 60) or '–'}" for two in one.fields)
        return "<br>".join(map(esc, parts))
    if isinstance(one, Moved):
        return esc(f"{place(one.old)} → {place(one.new)}")
    return esc(place(data.corrected.decisions[data.index[one.activity_id]]))


def place(found: ScopeDecision) -> str:
    """Return where a decision puts its activity."""
    language = state.current().lang
    names = ", ".join(words.area_name(code, language) for code in found.areas[:6])
    return names or words.scope_name(found.scope, language)
