"""The Upload page: who may see it, each step, what is remembered, and that files are shown as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Radio

from pages.language import language
from pipeline.publish import Build
from pipeline.settings import Settings
from pipeline.staff import MAX_AGE_SECONDS
from pipeline.uploads import drafts, ledger
from pipeline.uploads.stage import effective_rows, stage
from tests.pages import harness
from tests.pages.signed_in import GOOD, bring, claim, person, role, sign_in

TITLE = "Publish figures of your city"
NASTY = "<script>alert(1) ![x](http:evil.example) <img onerror=alert(2)> {city} **bold** :red[x]"


@pytest.fixture(scope="module")
def house(settings: Settings, built: Build, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The session's build with uploads and roles of this module's own."""
    assert built.path.exists()
    own = replace(
        settings, uploads_dir=tmp_path_factory.mktemp("up"), staff_dir=tmp_path_factory.mktemp("roles")
    )
    with harness.reading(own):
        yield own


def plain(at: AppTest) -> str:
    return harness.words(at).replace("\\", "").replace("\u00a0", " ").replace("\u2060", "")


def titles(at: AppTest) -> list[str]:
    return [title.value for title in at.title]


def opened(draft: drafts.Draft, step: str = "", **more: str) -> AppTest:
    params = {"u_id": draft.upload_id, **({"u_step": step} if step else {}), **more}
    return harness.run("upload", params)


def press(at: AppTest, label: str) -> AppTest:
    return next(button for button in at.button if button.label == label).click().run()


# -- who


@pytest.mark.usefixtures("house")
def test_visitor_finds_no_upload_page(monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(monkeypatch, None)
    at = harness.run("upload")
    assert not at.exception
    assert TITLE not in titles(at)
    assert not at.file_uploader


@pytest.mark.parametrize("name", ["editor", "reviewer", "admin"])
def test_staff_may_hand_in_a_file(house: Settings, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    sign_in(monkeypatch, role(house, f"staff-{name}", name))
    at = harness.run("upload")
    assert not at.exception
    assert titles(at) == [TITLE]
    assert len(at.file_uploader) == 1
    assert "Step 1 of 6: Choose the file" in [header.value for header in at.header]


@pytest.mark.parametrize(
    ("subject", "given", "age", "words"),
    [
        ("viv", "viewer", 0, "no role"),
        ("nobody", None, 0, "no role"),
        ("old", "editor", MAX_AGE_SECONDS + 1, "more than 8 hours old"),
    ],
)
def test_refused_person_reads_why(
    house: Settings, monkeypatch: pytest.MonkeyPatch, subject: str, given: str | None, age: float, words: str
) -> None:
    if given is not None:
        role(house, subject, given)
    sign_in(monkeypatch, claim(subject, age))
    at = harness.run("upload")
    assert not at.exception
    assert words in plain(at)
    assert not at.file_uploader
    assert TITLE not in titles(at)


# -- the first step


def test_handed_in_file_opens_its_columns_and_stays_in_the_address(
    house: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = role(house, "ona", "editor", ["klaipeda"])
    sign_in(monkeypatch, who)
    at = harness.run("upload")
    at.file_uploader[0].set_value(("mine.csv", GOOD.encode(), "text/csv")).run()
    assert not at.exception
    newest = drafts.drafts_of(house, person(house, who))[0]
    assert newest.name == "mine.csv"
    assert newest.upload_id in at.query_params["u_id"]
    assert "Step 3 of 6: Columns" in [header.value for header in at.header]
    assert "8 columns are understood" in [expander.label for expander in at.expander]


def test_closed_browser_loses_nothing(house: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    who = role(house, "rasa", "editor", ["klaipeda"])
    sign_in(monkeypatch, who)
    draft = bring(house, who, name="half-done.csv")
    press(opened(draft), "Check the file")
    at = harness.run("upload")
    text = plain(at)
    assert "Continue where you left off" in text
    assert "half-done.csv" in text
    assert "checked" in text
    at = next(button for button in at.button if button.label == "Continue").click().run()
    assert "Step 4 of 6: Check" in [header.value for header in at.header]
    assert "2 rows read = 2 used + 0 without a figure + 0 refused." in plain(at)


def test_draft_put_aside_is_off_the_list(house: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    who = role(house, "audra", "editor", ["klaipeda"])
    sign_in(monkeypatch, who)
    draft = bring(house, who, name="wrong-one.csv")
    at = press(harness.run("upload"), "Put aside")
    assert not at.exception
    assert "wrong-one.csv" not in plain(at)
    assert drafts.load(house, draft.upload_id).state == drafts.REJECTED


def test_drafts_of_others_are_neither_listed_nor_opened(
    house: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    hers = bring(house, role(house, "egle", "editor", ["klaipeda"]), name="hers.csv")
    sign_in(monkeypatch, role(house, "tomas", "editor", ["vilnius"]))
    assert "hers.csv" not in plain(harness.run("upload"))
    at = opened(hers)
    assert not at.exception
    assert "hers.csv" not in plain(at)
    assert "belongs to" in plain(at)


def test_same_file_twice_is_said(house: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    who = role(house, "twice", "editor", ["klaipeda"])
    sign_in(monkeypatch, who)
    first = bring(house, who)
    ledger.append(
        house, "published", upload_id=first.upload_id, sha256=first.sha256, uploads=(first.upload_id,)
    )
    at = press(opened(bring(house, who)), "Check the file")
    ledger.append(house, "withdrawn", upload_id=first.upload_id, uploads=())
    assert "This very file is published already" in plain(at)


# -- columns and check


def test_what_the_file_does_not_say_is_asked_before_the_check(
    house: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = role(house, "asked", "editor", ["klaipeda"])
    sign_in(monkeypatch, who)
    draft = bring(house, who, "Year;Sector;Emissions (kt CO2e)\n2021;Total;812,5\n")
    at = opened(draft)
    assert next(box for box in at.selectbox if box.label == "City").value == "klaipeda"
    at = press(at, "Check the file")
    assert any("Scope" in error.value for error in at.error)
    assert any("Source" in error.value for error in at.error)
    at = next(box for box in at.selectbox if box.label == "Scope").select("BASIC").run()
    at = next(box for box in at.text_input if box.label == "Source").input("https://x.test/a").run()
    at = press(at, "Check the file")
    assert not at.error
    assert "Step 4 of 6: Check" in [header.value for header in at.header]
    kept = drafts.load(house, draft.upload_id).choices.constants
    assert (kept["scope"], kept["source_ref"]) == ("BASIC", "https://x.test/a")


def test_all_faults_stand_in_one_table_and_can_be_taken_away(
    house: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = role(house, "faulty", "editor", ["klaipeda"])
    sign_in(monkeypatch, who)
    text = GOOD + "Klaipėda;22;Total;BASIC;5 kt;kt;CO2e;x\nKlaipėda;2023;Total;BASIC;NaN;kt;CO2e;x\n"
    at = press(opened(bring(house, who, text)), "Check the file")
    assert not at.exception
    table = at.dataframe[0].value
    assert list(table.columns) == ["Row", "Column", "In the file", "What is wrong", "What to do", "Kind"]
    found = {(row, column, cell) for row, column, cell in table.iloc[:, :3].itertuples(index=False)}
    assert {("4", "Year", "22"), ("4", "Amount", "5 kt"), ("5", "Amount", "NaN")} <= found
    assert all(table["What is wrong"])
    assert all(table["What to do"])
    labels = [element.label for element in at.get("download_button")]
    assert labels == ["My file with the faults marked (Excel)", "List of all faults (CSV)"]
    assert "Show what changes" not in [button.label for button in at.button]
    assert len(at.file_uploader) == 1


@pytest.mark.parametrize(("lang", "total"), [("en", "812,500"), ("lt", "812 500"), ("tr", "812.500")])
def test_numbers_in_the_table_of_faults_are_of_the_readers_language(
    house: Settings, monkeypatch: pytest.MonkeyPatch, lang: str, total: str
) -> None:
    who = role(house, f"sums-{lang}", "editor", ["klaipeda"])
    sign_in(monkeypatch, who)
    parts = [f"Klaipėda;2021;{name};BASIC;100,25;kt;CO2e;x\n" for name in ("Transport", "Waste")]
    draft = bring(house, who, GOOD + "".join(parts))
    at = press(opened(draft, lang=lang), language(lang).gettext("Check the file"))
    assert not at.exception
    shown = "\n".join(at.dataframe[0].value.iloc[:, 3]).replace("\u00a0", " ")
    assert total in shown
    assert "2021" in shown
    assert "{" not in shown


def test_mended_file_is_checked_at_once_with_what_was_said_before(
    house: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = role(house, "mended", "editor", ["klaipeda"])
    sign_in(monkeypatch, who)
    body = "Year;Sector;Emissions (kt CO2e)\n2021;Total;{}\n"
    draft = bring(house, who, body.format("x812"))
    said = replace(draft.choices, constants={"scope": "BASIC", "source_ref": "https://x.test/a"})
    drafts.save(house, person(house, who), replace(draft, choices=said))
    at = press(opened(draft), "Check the file")
    assert "1 refused" in plain(at)
    at.file_uploader[0].set_value(("mended.csv", body.format("812,5").encode(), "text/csv")).run()
    assert not at.exception
    assert "1 rows read = 1 used + 0 without a figure + 0 refused." in plain(at)
    assert "Show what changes" in [button.label for button in at.button]
    assert drafts.load(house, draft.upload_id).state == drafts.REJECTED


def test_legacy_letters_are_asked_with_lines_of_the_file(
    house: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = role(house, "letters", "editor", ["siauliai", "klaipeda"])
    sign_in(monkeypatch, who)
    at = harness.run("upload")
    at.file_uploader[0].set_value(("old.csv", GOOD.encode("cp1257"), "text/csv")).run()
    assert "Step 2 of 6: How it is read" in [header.value for header in at.header]
    choice = next(radio for radio in at.radio if radio.label == "Letters")
    assert len(choice.options) > 1
    assert any("Klaipėda" in caption for caption in choice.proto.captions)
    at = press(at, "Continue to the columns")
    assert "Step 3 of 6: Columns" in [header.value for header in at.header]


def test_file_without_a_header_asks_for_its_row(house: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    who = role(house, "headless", "editor", ["klaipeda"])
    sign_in(monkeypatch, who)
    at = opened(bring(house, who, "x1;y2\n3;4\n5;6\n"))
    assert not at.exception
    assert "Step 2 of 6: How it is read" in [header.value for header in at.header]
    assert [box.label for box in at.number_input] == ["The names of the columns stand in row"]
    assert len(at.dataframe[0].value) == 3


def test_title_lines_above_the_header_are_said(house: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    who = role(house, "titled", "editor", ["klaipeda"])
    sign_in(monkeypatch, who)
    at = opened(bring(house, who, "Inventory of Klaipėda\n\n" + GOOD))
    assert "The names of the columns were found in row 3." in plain(at)


def test_file_that_cannot_be_read_says_why_and_offers_another_try(
    house: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = role(house, "exe", "editor", ["klaipeda"])
    sign_in(monkeypatch, who)
    at = harness.run("upload")
    at.file_uploader[0].set_value(("x.csv", b"MZ\x90\x00" + b"\x00" * 200, "text/csv")).run()
    assert not at.exception
    assert "This file cannot be read." in plain(at)
    assert len(at.dataframe[0].value) == 1
    assert len(at.file_uploader) == 1


@pytest.mark.matrix(47)
def test_markup_in_names_and_cells_is_escaped_everywhere(
    house: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = role(house, "markup", "editor", ["klaipeda"])
    sign_in(monkeypatch, who)
    head, *rows = GOOD.splitlines()
    text = "\n".join([f"{head};{NASTY}", *(f"{row};{NASTY}" for row in rows)])
    draft = bring(house, who, text, name=f"{NASTY}.csv")
    for at in (opened(draft, "reading"), opened(draft, "columns"), harness.run("upload")):
        assert not at.exception
        shown = [element.value for element in (*at.markdown, *at.caption)] + [b.help or "" for b in at.button]
        for value in shown:
            assert re.findall(r"(?<!\\)(?:<script|<img|!\[x|\*\*bold|:red)", value) == []
        assert "evil.example" in plain(at)


@pytest.mark.matrix(48)
@pytest.mark.parametrize("key", ["u_id", "u_step", "city", "group", "ind", "lang"])
def test_sql_in_the_address_finds_nothing(house: Settings, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    sign_in(monkeypatch, role(house, "sql", "editor", ["klaipeda"]))
    at = harness.run("upload", {key: '"; DROP TABLE mart.city; --'})
    assert not at.exception
    assert titles(at) == [TITLE]


@pytest.mark.matrix(48)
def test_sql_as_header_is_a_column_nobody_understands(
    house: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    sql = '"; DROP TABLE mart.city; --'
    who = role(house, "sqlhead", "editor", ["klaipeda"])
    sign_in(monkeypatch, who)
    head, *rows = GOOD.splitlines()
    quoted = '"' + sql.replace('"', '""') + '"'
    text = "\n".join([f"{head};{quoted}", *(f"{row};1" for row in rows)])
    at = press(opened(bring(house, who, text)), "Check the file")
    assert not at.exception
    assert any("DROP TABLE" in error.value.replace("\\", "") for error in at.error)
    assert "Step 3 of 6: Columns" in [header.value for header in at.header]


@pytest.mark.parametrize("lang", ["lt", "tr"])
def test_page_speaks_the_persons_language(
    house: Settings, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    sign_in(monkeypatch, role(house, f"speaks-{lang}", "editor", ["klaipeda"]))
    at = harness.run("upload", {"lang": lang})
    assert not at.exception
    assert titles(at) != [TITLE]


def test_template_is_offered_for_the_persons_own_cities(
    house: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(monkeypatch, role(house, "own", "editor", ["klaipeda", "vilnius"]))
    at = harness.run("upload")
    assert sorted(at.multiselect(key="u_t_city").options) == ["Klaipėda", "Vilnius"]
    at = at.multiselect(key="u_t_city").select("Vilnius").run()
    labels = [element.label for element in at.get("download_button")]
    assert labels == ["Template (Excel)", "Template (CSV)"]


# -- several rows of one figure


BY_FUEL = (
    "City;Year;Sector;Fuel;Scope;Amount;Unit;Gases;Source\n"
    "Klaipėda;2021;Transport;petrol;BASIC;120,5;kt;CO2e;https://klaipeda.test/inventory\n"
    "Klaipėda;2021;Transport;diesel;BASIC;80;kt;CO2e;https://klaipeda.test/inventory\n"
    "Klaipėda;2021;Transport;electricity;BASIC;15,25;kt;CO2e;https://klaipeda.test/inventory\n"
)


def rows_of(at: AppTest) -> Radio[str]:
    return next(radio for radio in at.radio if radio.label == "What are several rows for the same figure?")


def test_rows_of_one_figure_are_asked_about_and_added_up_on_the_persons_word(
    house: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = role(house, "fuels", "editor", ["klaipeda"])
    sign_in(monkeypatch, who)
    draft = bring(house, who, BY_FUEL)
    at = press(opened(draft), "Check the file")
    assert not at.exception
    assert "rows 2, 3, 4: 120,500 + 80,000 + 15,250 = 215,750 t" in plain(at)
    assert rows_of(at).value is None
    assert "Show what changes" not in [button.label for button in at.button]

    at = rows_of(at).set_value("add").run()
    assert not at.exception
    assert "3 rows read = 3 used + 0 without a figure + 0 refused." in plain(at)
    assert "Show what changes" in [button.label for button in at.button]
    assert drafts.load(house, draft.upload_id).choices.answers == {"several_lines": "add"}
    found = drafts.load_checked(house, draft.upload_id)
    assert found is not None
    stage(house, drafts.load(house, draft.upload_id), found)
    (staged,) = effective_rows(house, "emissions", [draft.upload_id])
    assert (staged["value"], staged["flags"]) == ("215750", "computed_sum")

    at = rows_of(opened(draft, "check")).set_value("leave").run()
    assert not at.exception
    assert rows_of(at).value == "leave"
    assert "3 rows read = 1 used + 0 without a figure + 2 refused." in plain(at)
    at = rows_of(at).set_value("add").run()
    assert "3 rows read = 3 used" in plain(at)
