"""Every fault the code can raise has words, every worded fault can be raised, and all places get filled."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.catalogue import Catalogue, load_catalogue
from pipeline.settings import PACKAGE
from pipeline.uploads.explain import OWN_PLACES, PLACE, explain
from pipeline.uploads.model import Fault


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
        needed = set(PLACE.findall(words.text + words.remedy)) - OWN_PLACES
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
