"""Letters arrive as they were typed, or a person is asked; nothing is guessed and nothing replaced."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipeline.uploads import child
from pipeline.uploads.decode import CHOICES, PAGES, decode
from pipeline.uploads.model import Choices
from pipeline.uploads.xmlparts import Refusal
from tests.uploads.files.made import NAMES, codes, look, look_here, only_fault, only_grid

LITHUANIAN = ("Vilnius", "Šiauliai", "Panevėžys", "Klaipėda", "Tauragė", "Mažeikiai", "Ukmergė", "Šilutė")
TURKISH = ("İstanbul", "İzmir", "Eskişehir", "Muğla", "Şanlıurfa", "Çanakkale", "Balıkesir", "Iğdır", "Ağrı")
HEADERS = {"cp1257": "miestas;metai;išmetimai_t", "cp1254": "şehir;yıl;salım_t"}


def table(names: tuple[str, ...], header: str, count: int) -> str:
    lines = [
        f"{name};{2015 + number % 10};{number + 1}234,5"
        for number, name in enumerate(itertools.islice(itertools.cycle(names), count))
    ]
    return "\r\n".join([header, *lines]) + "\r\n"


@pytest.mark.matrix(6)
@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode(),
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.encode("utf-16-be"),
        lambda text: text.encode("utf-32"),
    ],
    ids=[
        "UTF-8",
        "UTF-8 with mark",
        "UTF-16 LE",
        "UTF-16 BE",
        "LE without mark",
        "BE without mark",
        "UTF-32",
    ],
)
def test_unicode_in_any_form_gives_the_same_rows(encode) -> None:  # type: ignore[no-untyped-def]
    text = table((*LITHUANIAN, *TURKISH), HEADERS["cp1257"], 20)
    expected = tuple(tuple(line.split(";")) for line in text.splitlines())
    content = look_here("a.csv", encode(text))
    assert only_grid(content).rows == expected
    assert content.decodings == ()


@pytest.mark.parametrize("count", [3, 12, 400])
@pytest.mark.parametrize(
    ("code_page", "names"),
    [
        pytest.param("cp1257", LITHUANIAN, marks=pytest.mark.matrix(7)),
        pytest.param("cp1254", TURKISH, marks=pytest.mark.matrix(8)),
    ],
)
def test_older_page_is_asked_with_lines_and_then_right(
    tmp_path: Path, code_page: str, names: tuple[str, ...], count: int
) -> None:
    text = table(names, HEADERS[code_page], count)
    asked = look(tmp_path, "a.csv", text.encode(code_page))
    assert codes(asked) == ["encoding_question"]
    assert asked.decodings[0].encoding == code_page
    assert len(asked.decodings) > 1
    assert all(1 <= len(way.sample) <= 3 for way in asked.decodings)
    assert set(asked.decodings[0].sample) <= set(text.splitlines())
    assert len({way.sample for way in asked.decodings}) == len(asked.decodings)

    answered = look(tmp_path, "a.csv", text.encode(code_page), Choices(encoding=code_page))
    assert answered.faults == ()
    assert answered.decodings == ()
    assert answered.grids[0].rows == tuple(tuple(line.split(";")) for line in text.splitlines())


@pytest.mark.matrix(7, 8)
def test_register_decides_where_the_detector_and_letters_cannot() -> None:
    """One name of the register among bytes that several pages read as letters."""
    for page, name in (("cp1257", "Šiauliai"), ("cp1254", "Iğdır"), ("cp1250", "Łódź"), ("cp1252", "Malmö")):
        data = f"a;b\n{name};1\n".encode(page)
        ways = decode(data, [name]).decodings
        assert name in ways[0].sample[0], page


@pytest.mark.matrix(7, 8)
@pytest.mark.parametrize("name", ["İZMİR", "IĞDIR", "ŞIRNAK", "iğdır", "İzmir"])
def test_turkish_capitals_of_the_register_are_recognised(name: str) -> None:
    data = f"il;t\n{name};1\n".encode("cp1254")
    assert decode(data, ["İzmir", "Iğdır", "Şırnak"]).decodings[0].encoding == "cp1254"


def test_no_question_that_has_one_answer_hides_a_wrong_letter() -> None:
    """All pages read this file alike, so there is one way to show; the person still sees it."""
    decoded = decode("city;t\nDüsseldorf;1\n".encode("cp1252"), NAMES)
    assert [way.sample for way in decoded.decodings] == [("Düsseldorf;1",)]
    assert decoded.faults[0].code == "encoding_question"


def test_dos_page_is_offered_when_the_detector_names_it() -> None:
    text = table(LITHUANIAN, "miestas;metai;t", 100)
    decoded = decode(text.encode("cp775"), LITHUANIAN)
    assert "cp775" in [way.encoding for way in decoded.decodings]
    assert decode(text.encode("cp775"), LITHUANIAN, "cp775").text == text


@pytest.mark.matrix(9)
@pytest.mark.parametrize("line", [2, 57, 200])
def test_line_of_a_damaged_letter_is_named(line: int) -> None:
    lines = table((*LITHUANIAN, *TURKISH), "miestas;metai;t", 250).encode().splitlines()
    lines[line - 1] = lines[line - 1].replace(b";", b"\xe0;", 1)
    fault = only_fault(look_here("a.csv", b"\n".join(lines)))
    assert (fault.code, fault.row) == ("bad_byte", line)
    assert "\ufffd" in fault.value


@pytest.mark.matrix(9)
def test_line_is_named_for_a_chosen_page_and_for_utf_16_too() -> None:
    fault = only_fault(look_here("a.csv", b"a;b\nc;d\n\x81;e\n\x9d;f\n", encoding="cp1252"))
    assert (fault.code, fault.row, fault.value) == ("bad_byte", 3, "byte 81")
    broken = "a;b\nc;d\n".encode("utf-16") + b"\x00\xdc;\x00"
    assert only_fault(look_here("a.csv", broken)).code == "bad_byte"


def test_unknown_choice_is_refused() -> None:
    for choice in ("rot13", "zlib", "utf-7", "../x", "idna"):
        assert only_fault(look_here("a.csv", b"a;b\n1;2\n", encoding=choice)).code == "encoding_unknown"


def test_letters_that_were_lost_or_garbled_before_are_refused() -> None:
    lost = only_fault(look_here("a.csv", "miestas;t\nVilnius;1\n\ufffdiauliai;2\n".encode()))
    assert (lost.code, lost.row) == ("letters_lost", 3)
    for name, page in (("Panevėžys", "cp1252"), ("Eskişehir", "cp1254"), ("Ukmergė", "cp1250")):
        twice = f"miestas;t\nVilnius;1\n{name};2\n".encode().decode(page)
        garbled = only_fault(look_here("a.csv", twice.encode()))
        assert (garbled.code, garbled.row) == ("letters_garbled", 3)
        assert garbled.params["meant"] == name


@pytest.mark.parametrize("sign", ["\x00", "\x01", "\x0b", "\x7f", "\x9f", "\uffff"])
def test_control_signs_are_refused_with_their_line(sign: str) -> None:
    content = look_here("a.csv", f"city;t\nVilnius;1\nKau{sign}nas;2\n".encode())
    fault = only_fault(content)
    assert (fault.code, fault.row) == ("control_signs", 3)


def test_end_of_file_sign_of_dos_is_dropped() -> None:
    assert only_grid(look_here("a.csv", b"city;t\nVilnius;1\n\x1a")).rows == (("city", "t"), ("Vilnius", "1"))


def test_vote_right_in_all_files_of_the_measured_set() -> None:
    """The 30 files on which encodings were measured: two languages, five encodings, three lengths."""
    register = (*LITHUANIAN, *TURKISH)
    wrong = []
    for page, names in (("cp1257", LITHUANIAN), ("cp1254", TURKISH)):
        sister = {"cp1257": "iso8859-13", "cp1254": "iso8859-9"}[page]
        for count in (3, 12, 400):
            text = table(names, HEADERS[page], count)
            for encoding in ("utf-8", "utf-8-sig", "utf-16", page, sister):
                if decode(text.encode(encoding), register).text != text:
                    wrong.append((page, count, encoding))
    assert wrong == []


letters = st.text(alphabet=sorted("".join(PAGES.values()) + "abcXYZ 019"), min_size=1, max_size=30)


@settings(deadline=None)
@given(st.lists(letters, min_size=1, max_size=8), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
def test_unicode_round_trip(words: list[str], encoding: str) -> None:
    text = "\n".join(["name;t", *(f"{word};1" for word in words)])
    assume(_is_no_double_encoding(text))
    assert decode(text.encode(encoding), NAMES).text == text


@settings(deadline=None)
@given(
    st.lists(st.text(alphabet="ąčęėįšųūžĄČĘĖĮŠŲŪŽabcdefgh ", min_size=1, max_size=20), min_size=1, max_size=8)
)
def test_lithuanian_round_trip(words: list[str]) -> None:
    _round_trip(words, "cp1257")


@settings(deadline=None)
@given(
    st.lists(st.text(alphabet="çğıöşüÇĞİÖŞÜâîûabcdefgh ", min_size=1, max_size=20), min_size=1, max_size=8)
)
def test_turkish_round_trip(words: list[str]) -> None:
    _round_trip(words, "cp1254")


def _round_trip(words: list[str], page: str) -> None:
    """Right at once for Unicode; for the older page the right reading is offered, and right once chosen."""
    text = "\n".join(["name;t", *(f"{word};1" for word in words)])
    assert decode(text.encode(), NAMES).text == text
    data = text.encode(page)
    assert decode(data, NAMES, page).text == text
    try:
        offered = decode(data, NAMES)
    except Refusal as refusal:
        # Bytes of the older page that happen to be UTF-8 as well: named by line, never read wrongly.
        _only(refusal, "bad_byte", "letters_garbled", "control_signs")
        return
    if offered.decodings:
        shown = [way.sample for way in offered.decodings]
        lines = set(text.splitlines())
        assert any(set(sample) <= lines for sample in shown)
    else:
        assert text.isascii() or offered.text != text


def _only(refusal: Refusal, *allowed: str) -> None:
    assert refusal.faults
    assert {fault.code for fault in refusal.faults} <= set(allowed)


def _is_no_double_encoding(text: str) -> bool:
    try:
        decode(text.encode(), ())
    except Refusal as refusal:
        return refusal.faults[0].code != "letters_garbled"
    return True


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from([None, *CHOICES]))
def test_any_bytes_are_decoded_or_refused(data: bytes, choice: str | None) -> None:
    try:
        decoded = decode(data, NAMES, choice)
    except Refusal as refusal:
        _only(refusal, "bad_byte", "letters_garbled", "letters_lost", "control_signs")
    else:
        assert "\ufffd" not in decoded.text
        assert bool(decoded.decodings) == bool(decoded.faults)


def test_names_of_the_register_reach_the_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the committed register: a Polish and a Lithuanian file of one name each are told apart."""
    for page, name in (("cp1257", "Panevėžys"), ("cp1250", "Łódź"), ("cp1254", "Eskişehir")):
        content = look(tmp_path, "a.csv", f"x;y\n{name};1\n".encode(page))
        assert content.decodings[0].encoding == page
    monkeypatch.setattr(child, "register_places", lambda _settings: [])
    assert codes(look(tmp_path, "a.csv", "x;y\nŁódź;1\n".encode("cp1250"))) == ["encoding_question"]
