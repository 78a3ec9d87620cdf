"""Exact money: cents, how an amount is written, and parts that add up."""

from __future__ import annotations

from decimal import Decimal

import pytest

from geo.money import Money, split_cents


@pytest.mark.parametrize(
    ("amount", "cents"), [("0", 0), ("12.34", 1234), ("0.005", 0), ("0.015", 2), ("0.0251", 3), ("-1.10", -110)]
)
def test_cents_are_rounded_half_to_even(amount, cents):
    assert Money(Decimal(amount)).cents == cents


@pytest.mark.parametrize("cents", [0, 1, 99, 100, 123_456_789_012, -5])
def test_cents_make_the_money_that_they_came_from(cents):
    money = Money.from_cents(cents)
    assert money.cents == cents
    assert money.currency == "USD"
    assert money.amount.as_tuple().exponent == -2
    assert Money.from_cents(cents, "LAK").currency == "LAK"


def test_money_is_written_with_its_currency_and_two_digits():
    assert str(Money(Decimal("1234567.5"))) == "USD 1,234,567.50"
    assert str(Money.from_cents(5, "LAK")) == "LAK 0.05"


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (10, (1, 1, 1), (4, 3, 3)),  # the earlier part first where fractions are equal
        (11, (1, 1, 1), (4, 4, 3)),
        (10, (1, 2, 4), (1, 3, 6)),  # 1.43, 2.86, 5.71: the largest fractions
        (-10, (1, 1, 1), (-4, -3, -3)),
        (0, (1, 2), (0, 0)),
        (1, (1, 1), (1, 0)),
        (-1, (1, 1), (-1, 0)),
        (7, (0, 0), (4, 3)),  # no weight: equal parts
        (7, (0, 5), (0, 7)),
        (7, (1,), (7,)),
    ],
)
def test_parts_are_as_near_to_their_weights_as_whole_cents_allow(total, weights, parts):
    assert split_cents(total, weights) == parts


@pytest.mark.parametrize("weights", [(), (1, -1), (-1,)])
def test_parts_of_no_weight_or_one_below_zero_are_refused(weights):
    with pytest.raises(ValueError, match=r"^got weights \[.*\]; expected one or more, none below zero$"):
        split_cents(10, weights)
