"""Every fault the code can raise has words, every worded fault can be raised, and all places get filled."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.language import language
from pipeline.catalogue import Catalogue, load_catalogue
from pipeline.settings import PACKAGE
from pipeline.uploads.explain import OWN_PLACES, PLACE, explain, marked, places, written
from pipeline.uploads.model import Fault
from pipeline.uploads.text import FORMULA_STARTS, harmless, without_apostrophe


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


#: Where `Fault(...)` takes its params when they are not given by name.
PARAMS_PLACE = 5


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def raised() -> list[tuple[str, str, frozenset[str] | None]]:
    """Place, code and the names of params of every `Fault("code", ...)`; None where params are computed."""
    found = []
    for path, tree in trees():
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and _name(node.func) == "Fault" and node.args):
                continue
            code = node.args[0]
            if not (isinstance(code, ast.Constant) and isinstance(code.value, str)):
                continue
            given = next((word.value for word in node.keywords if word.arg == "params"), None)
            given = node.args[PARAMS_PLACE] if given is None and len(node.args) > PARAMS_PLACE else given
            names: frozenset[str] | None = frozenset()
            if isinstance(given, ast.Dict) and all(isinstance(key, ast.Constant) for key in given.keys):
                names = frozenset(str(key.value) for key in given.keys if isinstance(key, ast.Constant))
            elif given is not None:
                names = None
            found.append((f"{path.relative_to(PACKAGE)}:{node.lineno}", code.value, names))
    return found


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def test_every_fault_raised_has_words(catalogue: Catalogue) -> None:
    assert [f"{place}: {code}" for place, code, _names in raised() if code not in catalogue.faults] == []


def test_every_worded_fault_is_used(catalogue: Catalogue) -> None:
    literals = {
        node.value
        for _path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert [code for code in catalogue.faults if code not in literals] == []


def test_every_place_of_the_words_is_filled(catalogue: Catalogue) -> None:
    missing = []
    for place, code, names in raised():
        words = catalogue.faults.get(code)
        if words is None or names is None:
            continue
        needed = places(words.text + words.remedy) - OWN_PLACES
        missing += [f"{place}: {code} lacks {name}" for name in sorted(needed - names)]
    assert missing == []


def test_titles_hold_no_places_and_braces_are_places(catalogue: Catalogue) -> None:
    for words in catalogue.faults.values():
        assert "{" not in words.title, words.code
        for text in (words.text, words.remedy):
            assert not {"{", "}"} & set(PLACE.sub("", text)), words.code


def test_words_are_sentences(catalogue: Catalogue) -> None:
    for words in catalogue.faults.values():
        for text in (words.text, words.remedy):
            assert text[-1] in ".?}", words.code
            assert not text[0].islower(), words.code


def test_braces_in_a_cell_are_not_filled_in_again(catalogue: Catalogue) -> None:
    told = explain(Fault("empty", value="{row}"), catalogue, lambda _: "Cell {value} in row {row}.")
    assert told.text == "Cell {row} in row ."


#: Numbers no reader sets groups apart in: years, rows and the like, and what stands in the file.
NEVER_MARKED = frozenset(
    {"row", "other_row", "sign", "feature", "year", "old_year", "first", "last", "cell", "cells"}
)


def test_a_number_is_marked_wherever_its_fault_names_it_and_years_never(catalogue: Catalogue) -> None:
    for words in catalogue.faults.values():
        pieces = [PLACE.findall(text) for text in (words.text, words.remedy)]
        plain = {name for found in pieces for name, mark in found if not mark}
        numbers = marked(words.text + words.remedy)
        assert not plain & numbers, words.code
        assert not numbers & NEVER_MARKED, words.code


SUMS_DIFFER = Fault(
    "sums_differ",
    row=4,
    value="2600000",
    params={"year": "2021", "count": "2", "sum": "1999999.5", "difference": "-600000.5"},
)


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("en", "2,600,000", ["2021", "2,600,000", "2", "1,999,999.5", "-600,000.5"]),
        ("lt", "2 600 000", ["2021", "2 600 000", "2", "1 999 999,5", "-600 000,5"]),
        ("tr", "2.600.000", ["2021", "2.600.000", "2", "1.999.999,5", "-600.000,5"]),
    ],
)
def test_sums_that_differ_read_properly_in_each_language(
    catalogue: Catalogue, code: str, value: str, shown: list[str]
) -> None:
    lang = language(code)
    told = explain(SUMS_DIFFER, catalogue, lang.gettext, lang.plain_number)
    assert " " not in told.value, "a number must not be parted at the end of a line"
    assert told.value.replace("\u00a0", " ") == value
    for number in shown:
        assert number.replace(" ", "\u00a0") in told.text


def test_without_a_language_numbers_are_english(catalogue: Catalogue) -> None:
    told = explain(SUMS_DIFFER, catalogue)
    assert told.text == (
        "The total for 2021 is 2,600,000, but its 2 sectors add up to 1,999,999.5; "
        "the difference is -600,000.5."
    )


def shouting(text: str) -> str:
    return f"<{text}>"


def test_several_numbers_in_one_place_are_each_written(catalogue: Catalogue) -> None:
    params = {"other_row": "1234", "other_column": "2030", "other_value": "40; 1234.5"}
    told = explain(Fault("duplicate_other", value="55; 2000", params=params), catalogue, number=shouting)
    assert "<55>; <2000>" in told.text
    assert "row 1234, column “2030” says <40>; <1234.5> for" in told.text


@pytest.mark.parametrize(
    "code", ["not_a_number", "number_mixed", "population_not_positive", "year_out_of_range"]
)
def test_what_a_person_typed_stays_as_typed(catalogue: Catalogue, code: str) -> None:
    told = explain(Fault(code, value="1234.5"), catalogue, number=shouting)
    assert "“1234.5”" in told.text
    assert told.value == "1234.5"


@pytest.mark.parametrize("value", ["2 600 000", "2,600,000", "1e+03", "", "1.234.567", "007", "-", "NaN"])
@pytest.mark.parametrize("number", [shouting, language("lt").plain_number])
def test_drafts_of_earlier_versions_still_show(
    catalogue: Catalogue, value: str, number: Callable[[str], str]
) -> None:
    """They are kept with groups set apart, or in another shape altogether: shown as they were kept."""
    kept = Fault("sums_differ", value=value, params={"year": "2021", "count": "2", "sum": "2 000 000"})
    told = explain(kept, catalogue, number=number)
    assert told.value == value
    assert f"The total for 2021 is {value}, but" in told.text
    assert "add up to 2 000 000; the difference is ." in told.text


def test_a_sum_is_written_with_each_of_its_numbers() -> None:
    lt = language("lt").plain_number
    assert written("120500 + (-1500.5) + …", lt) == "120\u00a0500 + (-1\u00a0500,5) + …"
    assert written("1200; 2.5", lt) == "1\u00a0200; 2,5"


@given(st.text(alphabet="'=+-@ \t a1", max_size=8))
def test_a_cell_made_harmless_comes_back_as_it_was(text: str) -> None:
    assert without_apostrophe(harmless(text)) == text
    assert not harmless(text).startswith(FORMULA_STARTS)
