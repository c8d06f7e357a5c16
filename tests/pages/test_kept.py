"""What is kept for the next visitor: shown again it is the same page, and nobody gets another's page."""

from __future__ import annotations

from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pages.charts.written import WrittenFigure
from tests.pages.conftest import Show
from tests.pages.harness import again

VISITS: tuple[tuple[str, dict[str, str]], ...] = (
    ("overview", {}),
    ("overview", {"lang": "tr", "city": "istanbul"}),
    ("progress", {}),
    ("progress", {"lang": "lt", "yard": "covenant"}),
    ("progress", {"group": "lt"}),
    ("progress", {"city": "turku"}),
    ("city", {}),
    ("city", {"city": "turku", "yard": "equal_path_43"}),
    ("city", {"city": "istanbul", "lang": "tr", "from": "2015"}),
)


CHOICES = {"button_group", "multiselect", "radio", "selectbox"}
"""Drawn anew every time; the first time they are also told what is chosen."""


def sent(at: AppTest) -> list[tuple[str, bytes]]:
    """All the browser gets to show, in order, without choices and the numbers made up for each element."""
    found: list[tuple[str, bytes]] = []
    for element in at.main:
        proto: Any = getattr(element, "proto", None)
        if proto is None or element.type in CHOICES:
            continue
        same = type(proto)()
        same.CopyFrom(proto)
        for name in ("id", "element_id"):
            if name in same.DESCRIPTOR.fields_by_name:
                same.ClearField(name)
        if element.type == "dataframe":
            same.arrow_data.styler.uuid = ""
        found.append((element.type, same.SerializeToString(deterministic=True)))
    return found


@pytest.mark.parametrize(("name", "visit"), VISITS)
def test_page_shown_again_is_the_same_page(show: Show, name: str, visit: dict[str, str]) -> None:
    at = show(name, visit)
    assert not at.exception
    first = sent(at)
    assert len(first) > 20
    assert sent(again(at)) == first


@pytest.mark.parametrize("name", ["overview", "progress", "city"])
def test_a_visit_does_not_get_what_another_visit_asked_for(show: Show, name: str) -> None:
    visits = [visit for page, visit in VISITS if page == name]
    warm = [sent(show(name, visit)) for visit in (*visits, *visits)][len(visits) :]
    for visit, kept in zip(visits, warm, strict=True):
        st.cache_resource.clear()
        assert sent(show(name, visit)) == kept
    assert len({tuple(kept) for kept in warm}) == len(visits)


def test_finished_figure_is_what_it_was_made_of_and_cannot_be_spoilt() -> None:
    import plotly.graph_objects as go

    figure = go.Figure(go.Scatter(x=[2005, 2020], y=[1.5, 0.5], uid="one"), {"height": 300})
    written = WrittenFigure(figure)
    plain = written.to_dict()
    assert plain == figure.to_dict()
    plain["data"][0].pop("uid")
    del plain["layout"]
    assert written.to_dict() == figure.to_dict()
