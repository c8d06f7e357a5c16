"""Whatever a file or a browser says, the check answers with faults and a tally that adds up."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.uploads.explain import explain
from pipeline.uploads.model import Choices, Content, Grid
from tests.uploads.marks import not_plain
from tests.uploads.meaning.made import LONG, catalogue, checked, row

CELLS = st.one_of(
    st.sampled_from(
        (*LONG, *row(), "2019", "2020 m.", "Pramonė", "Toplam", "kt", "1.234", "1,5", "NE", "", "PM10", "%")
    ),
    st.text(max_size=6),
)
ROWS = st.lists(st.lists(CELLS, max_size=9).map(tuple), max_size=9).map(tuple)
PLACES = st.sampled_from(("0", "1", "2", "5", "77", "x"))
FIELDS = st.sampled_from((*catalogue().upload_fields, "ignore", "nothing", ""))
CHOICES = st.builds(
    Choices,
    table=st.sampled_from((None, "emissions", "energy", "indicators", "targets", "nothing")),
    sheet=st.sampled_from((None, "", "other")),
    header_row=st.sampled_from((None, 1, 2, 0, -3, 999)),
    decimal=st.sampled_from((None, ".", ",", "x")),
    columns=st.dictionaries(PLACES, FIELDS, max_size=3),
    years=st.dictionaries(PLACES, st.integers(-5, 99999), max_size=2),
    constants=st.dictionaries(st.one_of(FIELDS, st.just("licence")), CELLS, max_size=4),
    fixed=st.dictionaries(PLACES, st.dictionaries(FIELDS, CELLS, max_size=2), max_size=2),
    answers=st.dictionaries(
        st.sampled_from(("no_total", "several_lines")), st.sampled_from(("add", "leave")), max_size=2
    ),
)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ROWS, CHOICES, st.booleans())
def test_no_file_and_no_choice_makes_it_fail(
    rows: tuple[tuple[str, ...], ...], choices: Choices, with_header: bool
) -> None:
    content = Content("csv", (Grid("", (LONG, *rows) if with_header else rows),))
    outcome = checked(content, "vilnius", choices=choices)
    tally = outcome.tally
    assert tally.read == tally.accepted + tally.missing + sum(tally.refused.values())
    assert sum(outcome.counts.values()) == len(outcome.every_fault or outcome.faults)
    assert outcome.records or outcome.faults
    assert {one.city_id for one in outcome.records} <= {"vilnius"}
    for fault in outcome.faults:
        assert explain(fault, catalogue()).text
        assert not_plain(fault, catalogue()) == set()
