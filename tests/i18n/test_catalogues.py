"""The catalogues load, their places fit, and nothing that stands on a first screen is left in English."""

from __future__ import annotations

import re
import string

import pytest
import yaml

from pages.language import LANGUAGES, catalogue, language
from pages.parts import filter_bar
from pages.shell import PAGES
from tests.i18n import extract

OTHERS = [code for code in LANGUAGES if code != "en"]


def _places(text: str) -> set[str]:
    """The names of the places, each with its mark: `sum:number` is not the same place as `sum`."""
    parts = string.Formatter().parse(text)
    return {f"{name}:{spec}" if spec else name for _text, name, spec, _conversion in parts if name}


@pytest.mark.parametrize("code", OTHERS)
def test_catalogue_compiles_and_translates(code: str) -> None:
    assert catalogue(code).gettext("Overview") != "Overview"


@pytest.mark.parametrize("code", OTHERS)
def test_translations_have_the_same_places_to_fill_in(code: str) -> None:
    wrong = []
    for entry in extract.read(code):
        if not entry.id:
            continue
        originals = (entry.id,) if isinstance(entry.id, str) else entry.id
        allowed = set().union(*(_places(text) for text in originals if "{" in text))
        forms = (entry.string,) if isinstance(entry.string, str) else entry.string
        for form in forms:
            if form and "{" in "".join(originals) and _places(form) != allowed:
                wrong.append((originals[0], form))
    assert wrong == []


def test_a_lost_mark_of_a_number_is_noticed() -> None:
    assert _places("{year}: {sum:number}") == {"year", "sum:number"}
    assert _places("{sum}") != _places("{sum:number}")


def test_only_texts_about_faults_mark_numbers() -> None:
    """Those alone are filled by `explain`; all other texts are given numbers that are written already."""
    places = extract.all_messages()
    elsewhere = [key for key in places if ":number}" in str(key) and not _only_faults(places[key])]
    assert elsewhere == []


def _only_faults(files: list[str]) -> bool:
    return set(files) == {"pipeline/catalogue/faults.yml"}


@pytest.mark.parametrize("code", OTHERS)
def test_plural_texts_have_all_forms_of_the_language(code: str) -> None:
    catalog = extract.read(code)
    short = [
        entry.id
        for entry in catalog
        if not isinstance(entry.id, str) and any(entry.string) and len(entry.string) != catalog.num_plurals
    ]
    assert short == []


def test_lithuanian_uses_its_three_forms() -> None:
    lang = language("lt")
    forms = [lang.ngettext("{count} row", "{count} rows", count) for count in (1, 2, 10, 11, 21, 22)]
    assert forms == ["1 eilutė", "2 eilutės", "10 eilučių", "11 eilučių", "21 eilutė", "22 eilutės"]


@pytest.mark.parametrize("code", OTHERS)
def test_markdown_signs_survive_translation(code: str) -> None:
    for entry in extract.read(code):
        if entry.id and isinstance(entry.id, str) and entry.string:
            assert entry.id.count("`") == str(entry.string).count("`"), entry.id
            assert bool(re.search(r"\s$", entry.id)) == bool(re.search(r"\s$", str(entry.string))), entry.id


@pytest.mark.parametrize("code", OTHERS)
def test_first_screen_words_are_all_translated(code: str) -> None:
    folder = extract.ROOT / "pipeline" / "catalogue"
    needed: set[str] = {page.title for page in PAGES}
    needed |= {
        *filter_bar.GROUP_NAMES.values(),
        *filter_bar.SIZE_NAMES.values(),
        *filter_bar.FILTER_NAMES.values(),
    }
    verdicts = yaml.safe_load((folder / "verdicts.yml").read_text(encoding="utf-8"))
    for part in ("verdicts", "reasons"):
        needed |= {item["title"].strip() for item in verdicts[part]}
    for name in ("yardsticks", "topics", "indicators", "units"):
        for item in yaml.safe_load((folder / f"{name}.yml").read_text(encoding="utf-8")):
            needed |= {str(item[field]).strip() for field in ("title", "short_title") if field in item}
    framed_in = ("pages/overview.py", "pages/map.py", "pages/shell.py", "pages/parts/")
    messages = extract.python_messages()
    framed = {key for key, places in messages.items() if any(place.startswith(framed_in) for place in places)}
    missing = set(extract.untranslated(code)) & (needed | framed)
    assert missing == set()


def test_what_is_still_english_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    messages = extract.all_messages()
    left = {code: extract.untranslated(code, messages) for code in OTHERS}
    with capsys.disabled():
        for code, missing in left.items():
            print(f"\n{code}: {len(missing)} of {len(messages)} texts are still English", end="")
    for missing in left.values():
        assert set(missing) <= set(messages)
        assert len(missing) < len(messages)


def test_every_text_of_the_code_is_in_the_catalogues() -> None:
    for code in OTHERS:
        known = {entry.id if isinstance(entry.id, str) else tuple(entry.id) for entry in extract.read(code)}
        absent = [key for key in extract.all_messages() if key not in known]
        assert absent == [], f"run: python -m tests.i18n.extract --update ({code})"


def test_english_needs_no_catalogue_and_unknown_languages_are_english() -> None:
    assert language("en").gettext("Overview") == "Overview"
    assert language("xx").code == "en"
