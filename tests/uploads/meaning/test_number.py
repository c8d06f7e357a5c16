"""The number grammar: what is written in an accepted style is that number, everything else is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.uploads.number import plain, scan, style_of

SPACES = ("", " ", "\u00a0", "\u202f", "\u2009", "'", "’")


@st.composite
def numbers(draw: st.DrawFn) -> Decimal:
    whole = draw(st.integers(min_value=0, max_value=10**14 - 1))
    rest = draw(st.text("0123456789", max_size=6))
    sign = draw(st.sampled_from(("", "-")))
    return Decimal(f"{sign}{whole}" + (f".{rest}" if rest else ""))


def written(number: Decimal, group: str, mark: str, minus: str) -> str:
    """The number in one of the styles people use."""
    text = f"{abs(number):f}"
    whole, _, rest = text.partition(".")
    groups = []
    while group and len(whole) > 3:
        whole, last = whole[:-3], whole[-3:]
        groups.append(last)
    body = group.join([whole, *reversed(groups)]) + (mark + rest if rest else "")
    return (minus if number.is_signed() else "") + body


@settings(max_examples=400, deadline=None)
@given(
    number=numbers(),
    group=st.sampled_from((*SPACES, "other")),
    mark=st.sampled_from((".", ",")),
    minus=st.sampled_from(("-", "−", "–")),
)
@example(number=Decimal("1.234"), group="", mark=".", minus="-")
@example(number=Decimal("1234"), group="other", mark=",", minus="-")
@example(number=Decimal("0.500"), group="", mark=",", minus="-")
def test_a_number_in_any_accepted_style_is_that_number(
    number: Decimal, group: str, mark: str, minus: str
) -> None:
    sign = {".": ",", ",": "."}[mark] if group == "other" else group
    read = scan(written(number, sign, mark, minus))
    assert read.fault == ""
    assert read.value(mark) == number
    other = "," if mark == "." else "."
    assert read.value(other) in (None, number) or read.is_ambiguous


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=12))
def test_anything_else_is_refused_and_nothing_fails(text: str) -> None:
    read = scan(text)
    if read.fault:
        assert read.point is None
        assert read.comma is None
    else:
        allowed = set("0123456789.,'’-−‒–﹣－ \t\u00a0\u2007\u2008\u2009\u202f\u205f")
        assert set(text.strip()) <= allowed


@settings(max_examples=200, deadline=None)
@given(st.lists(numbers(), min_size=1, max_size=8), st.sampled_from((".", ",")))
def test_a_column_in_one_style_is_read_in_it_or_asked(column: list[Decimal], mark: str) -> None:
    scans = [scan(written(number, "", mark, "-")) for number in column]
    style = style_of(scans)
    if style.is_asked:
        assert any(one.is_ambiguous for one in scans)
        assert not any(one.settles for one in scans)
        style = style_of(scans, chosen=mark)
    assert style.odd == frozenset()
    assert [one.value(style.decimal) for one in scans] == column


@given(numbers())
def test_numbers_are_kept_plain(number: Decimal) -> None:
    text = plain(number)
    assert Decimal(text) == number
    assert "E" not in text
    assert not (text.endswith("0") and "." in text)


@pytest.mark.parametrize(
    "text", ["1,23,456", "1.23.456", "12 34", "1 2345", "1.234,5.6", "--5", "+5", "5-", "007", "5.", "1..2"]
)
def test_malformed_groups_are_refused(text: str) -> None:
    assert scan(text).fault == "not_a_number"
