"""The address and the choice say the same thing, whatever is chosen and whatever is typed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.query.filters import (
    GROUPS,
    LONGEST_VALUE,
    MOST_VALUES,
    SIZES,
    YARDSTICKS,
    Filters,
    Known,
    from_params,
)

ids = st.from_regex(r"[a-z][a-z0-9-]{0,30}", fullmatch=True)
years = st.one_of(st.none(), st.integers(1950, 2100))


@st.composite
def choices(draw: st.DrawFn) -> Filters:
    first, last = draw(years), draw(years)
    if first is not None and last is not None and first > last:
        first, last = last, first
    chosen_groups = draw(st.sets(st.sampled_from(GROUPS)))
    chosen_sizes = draw(st.sets(st.sampled_from(SIZES)))
    return Filters(
        cities=tuple(draw(st.lists(ids, unique=True, max_size=MOST_VALUES))),
        groups=tuple(group for group in GROUPS if group in chosen_groups),
        countries=tuple(draw(st.lists(st.sampled_from(["LT", "TR", "XK", "GR"]), unique=True))),
        sizes=tuple(size for size in SIZES if size in chosen_sizes),
        year_from=first,
        year_to=last,
        yardstick=draw(st.sampled_from(YARDSTICKS)),
    )


@given(choices())
def test_a_choice_survives_its_address(chosen: Filters) -> None:
    assert from_params(chosen.to_params()) == (chosen, [])


@given(
    st.dictionaries(
        st.sampled_from(["city", "group", "country", "size", "from", "to", "yard", "x"]),
        st.lists(st.text(max_size=120), max_size=5),
    )
)
def test_any_address_gives_a_choice_and_never_an_error(params: dict[str, list[str]]) -> None:
    chosen, problems = from_params(params, Known(cities={"vilnius"}, countries={"LT"}))
    assert set(chosen.cities) <= {"vilnius"}
    assert set(chosen.groups) <= set(GROUPS)
    assert all(len(problem.value) <= LONGEST_VALUE for problem in problems)
    again, none_left = from_params(chosen.to_params(), Known(cities={"vilnius"}, countries={"LT"}))
    assert (again, none_left) == (chosen, [])


def test_default_choice_leaves_the_address_empty() -> None:
    assert Filters().to_params() == {}


def test_unknown_city_is_left_out_and_close_spellings_are_suggested() -> None:
    known = Known(cities={"vilnius", "kaunas"}, countries=(), city_names={"wilno": "vilnius"})
    chosen, problems = from_params({"city": ["vilnus", "kaunas", "Wilno"]}, known)
    assert chosen.cities == ("kaunas",)
    assert [(problem.value, problem.suggestions) for problem in problems] == [
        ("vilnus", ("vilnius",)),
        ("Wilno", ("vilnius",)),
    ]


def test_more_values_than_allowed_are_dropped_and_reported() -> None:
    chosen, problems = from_params({"city": [f"c{number}" for number in range(MOST_VALUES + 5)]})
    assert len(chosen.cities) == MOST_VALUES
    assert [problem.key for problem in problems] == ["city"]


def test_no_group_at_all_is_a_choice_of_its_own() -> None:
    assert from_params({"group": [""]})[0].groups == ()
    assert from_params({"group": ["nonsense"]})[0].groups == ("mission", "lt", "tr")


def test_years_the_wrong_way_round_are_turned() -> None:
    chosen, _ = from_params({"from": ["2020"], "to": ["2010"]})
    assert (chosen.year_from, chosen.year_to) == (2010, 2020)
