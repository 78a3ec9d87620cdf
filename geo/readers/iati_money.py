"""Floor 1: the budget of an IATI activity: the sum of its published periods, in one currency, of this country's share.

Where periods overlap, currencies mix or a share is not stated, no amount is given; a problem names the candidates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import pairwise
from typing import Any, Protocol

from geo import pack
from geo.fields import Fields
from geo.readers.iati_text import code, day, first

ORIGINAL, REVISED = "1", "2"  # BudgetType
COMMITMENTS = ("2", "11")  # TransactionType: outgoing, else incoming commitment
SPENT = ("3", "4")  # disbursement, expenditure
PUBLISHED = "sum of published years"
STATED = "stated total"
WHOLE = Decimal(100)
CENT = Decimal("0.01")
MOST_SHARES = 16
_DECIMAL = re.compile(r"[+-]?[0-9]{1,13}(\.[0-9]{0,30})?")  # xsd:decimal, which has no exponent, below 10^13


class Report(Protocol):
    """Notes one problem of the activity."""

    def __call__(
        self, kind: str, column: str, value: str, expected: str, fix: str, candidates: tuple[str, ...] = ()
    ) -> None:
        """Note it."""


@dataclass(frozen=True, slots=True)
class Amount:
    """One value with its currency ("" where neither it nor the activity names one) and the period it is for."""

    value: Decimal
    currency: str
    start: str
    end: str
    kind: str


def cells(activity: Any, report: Report) -> dict[str, str]:
    """Return the cells of money: budget, currency and basis; none of them where the amount is not clear."""
    default = code(activity, "default-currency")
    budgets = _current([_amount(one, default, report, "budget") for one in activity.iterchildren("budget")])
    if budgets:
        if _overlap(budgets, report):
            return {}
        return _cells(activity, budgets, PUBLISHED, report)
    return _from_transactions(activity, default, report)


def transaction_countries(transaction: Any) -> list[str]:
    """Return the codes of the countries and regions that a transaction names."""
    return [code(place).upper() for place in transaction.iterchildren("recipient-country", "recipient-region")]


def _amount(element: Any, default: str, report: Report, what: str) -> Amount | None:
    value = first(element, "value")
    text = (value.text or "").strip() if value is not None else ""
    if not _DECIMAL.fullmatch(text):
        report("bad_amount", Fields.BUDGET_USD, text, f"the amount of a {what} in digits", "Correct the value.")
        return None
    kind = code(element, "type") if what == "budget" else ""
    currency = (code(value, "currency") or default).upper()
    return Amount(
        Decimal(text), currency, _when(element, "period-start"), _when(element, "period-end"), kind or ORIGINAL
    )


def _when(element: Any, tag: str) -> str:
    found = first(element, tag)
    return day(code(found, "iso-date")) if found is not None else ""


def _current(found: Sequence[Amount | None]) -> list[Amount]:
    """Return the amounts that stand: where a period was revised, the revision alone.

    One that could not be read leaves none: a sum without it would be too low.
    """
    known = [amount for amount in found if amount]
    if len(known) < len(found):
        return []
    revised = {(amount.start, amount.end) for amount in known if amount.kind == REVISED}
    return [amount for amount in known if amount.kind == REVISED or (amount.start, amount.end) not in revised]


def _overlap(budgets: Iterable[Amount], report: Report) -> bool:
    """Tell whether two periods share more than a day, with a problem that names them."""
    periods = sorted((amount.start, amount.end) for amount in budgets)
    for (start, end), (next_start, next_end) in pairwise(periods):
        if next_start < end or (start, end) == (next_start, next_end):
            report(
                "budgets_overlap",
                Fields.BUDGET_USD,
                f"{start} to {end}; {next_start} to {next_end}",
                "periods that do not overlap",
                "The sum would count money twice, so the budget is left out; state each period once.",
            )
            return True
    return False


def _cells(
    activity: Any, amounts: Sequence[Amount], basis: str, report: Report, *, all_ours: bool = False
) -> dict[str, str]:
    totals: dict[str, Decimal] = {}
    for amount in amounts:
        totals[amount.currency] = totals.get(amount.currency, Decimal(0)) + amount.value
    told = tuple(f"{currency or 'no currency'} {total:f}" for currency, total in totals.items())
    if len(totals) > 1:
        fix = "No exchange rate is assumed, so the budget is left out; state it in one currency."
        report("mixed_currencies", Fields.BUDGET_USD, "; ".join(told), "amounts in one currency", fix, told)
        return {}
    [(currency, total)] = totals.items()
    if not currency:
        fix = "Name it in the value or as the activity's default-currency; the budget is left out."
        report("no_currency", Fields.CURRENCY, told[0], "a currency", fix)
        return {}
    share = WHOLE if all_ours else country_share(activity, told[0], report)
    if share is None:
        return {}
    cents = (total * share / WHOLE).quantize(CENT, ROUND_HALF_EVEN)
    return {Fields.BUDGET_USD: _plain(cents), Fields.CURRENCY: currency, Fields.BUDGET_BASIS: basis}


def _plain(amount: Decimal) -> str:
    """Return an amount without decimals where they are naught."""
    return f"{amount:f}".removesuffix(".00")


def country_share(activity: Any, total: str, report: Report) -> Decimal | None:
    """Return this country's percentage of the activity; None, with a problem, where several share and none is stated.

    Where the activity itself names none, its transactions do: it is all of this country if they all are.
    """
    own = pack.settings().pcode
    places = list(activity.iterchildren("recipient-country", "recipient-region"))
    mine = [one for one in places if one.tag == "recipient-country" and code(one).upper() == own]
    if len(mine) == len(places) == 1 and not code(mine[0], "percentage"):
        return WHOLE
    named: set[str] = set()
    if not places:
        named = {one for part in activity.iterchildren("transaction") for one in transaction_countries(part)}
        if named <= {own}:
            return WHOLE
    shares = [_percentage(code(one, "percentage")) for one in mine]
    known = [share for share in shares if share is not None]
    if known and len(known) == len(shares) and 0 < sum(known) <= WHOLE:
        share = Decimal(sum(known))
        if share < WHOLE:
            report(
                "country_share",
                Fields.BUDGET_USD,
                f"{share:f} % of {total}",
                "what the activity spends here",
                "The budget was taken at the recipient country's percentage; check that it is meant so.",
            )
        return share
    told = [f"{code(one) or '?'} {code(one, 'percentage') or '?'} %" for one in places] or sorted(named)
    names = "; ".join(told[:MOST_SHARES])
    fix = "Give each country and region its percentage; the budget is left out."
    report("country_share_unknown", Fields.BUDGET_USD, names, "a percentage for this country", fix, (total,))
    return None


def _percentage(text: str) -> Decimal | None:
    return Decimal(text) if _DECIMAL.fullmatch(text) and 0 <= Decimal(text) <= WHOLE else None


def _from_transactions(activity: Any, default: str, report: Report) -> dict[str, str]:
    """Return the sum of commitments where no budget is published; what was spent is no budget, and is only told."""
    by_type: dict[str, list[Any]] = {}
    transactions = list(activity.iterchildren("transaction"))
    all_ours = any(map(transaction_countries, transactions))
    for one in transactions:
        kind = first(one, "transaction-type")
        if kind is not None and (not all_ours or transaction_countries(one) == [pack.settings().pcode]):
            by_type.setdefault(code(kind), []).append(one)
    for kind in COMMITMENTS:
        if kind in by_type:
            amounts = [_amount(one, default, report, "transaction") for one in by_type[kind]]
            known = [amount for amount in amounts if amount]
            whole = len(known) == len(amounts)
            found = _cells(activity, known, STATED, report, all_ours=all_ours) if whole else {}
            if found:
                told = f"{len(known)} commitments: {found[Fields.CURRENCY]} {found[Fields.BUDGET_USD]}"
                fix = "Their sum was taken as the stated total; publish budgets to have years."
                report("budget_from_commitments", Fields.BUDGET_USD, told, "a budget", fix)
            return found
    if spent := [one for kind in SPENT for one in by_type.get(kind, ())]:
        told = f"{len(spent)} disbursements and expenditures"
        fix = "What was spent is no budget, so none is given; publish budgets or commitments."
        report("no_budget", Fields.BUDGET_USD, told, "a budget or a commitment", fix)
    return {}
