"""Floor 0: exact money.  Amounts are ``Decimal`` with an ISO 4217 currency; shares add up to the cent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

CENT = Decimal("0.01")
CURRENCY = "USD"  # of a budget that names none, and of every total: no exchange rate is assumed


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in major units of ``currency`` (ISO 4217)."""

    amount: Decimal
    currency: str = CURRENCY

    @property
    def cents(self) -> int:
        """The amount in hundredths of the currency's unit, rounded half to even."""
        return int((self.amount / CENT).to_integral_value())

    @classmethod
    def from_cents(cls, cents: int, currency: str = "USD") -> Money:
        """Return the money of a whole number of hundredths."""
        return cls((Decimal(cents) * CENT).quantize(CENT), currency)

    def __str__(self) -> str:
        return f"{self.currency} {self.amount:,.2f}"


def split_cents(total: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Split ``total`` hundredths by whole ``weights`` so that the parts add up to the total exactly.

    Remainders go, one hundredth each, to the parts with the largest fraction (largest-remainder method), the
    earlier part first where fractions are equal.  With no weight above zero the parts are equal.

    Raises:
        ValueError: when ``weights`` is empty or one of them is negative.
    """
    if not weights or min(weights) < 0:
        raise ValueError(f"got weights {list(weights)!r}; expected one or more, none below zero")
    used = list(weights) if sum(weights) else [1] * len(weights)
    whole = sum(used)
    sign, size = (-1, -total) if total < 0 else (1, total)
    parts, fractions = map(list, zip(*(divmod(size * weight, whole) for weight in used), strict=True))
    by_fraction = sorted(range(len(used)), key=lambda i: (-fractions[i], i))
    for index in by_fraction[: size - sum(parts)]:
        parts[index] += 1
    return tuple(sign * part for part in parts)
