"""Models run in the order they need, and faults in their headers are explained."""

from __future__ import annotations

import pytest

from pipeline.build import build
from pipeline.engine import open_reader
from pipeline.errors import ModelError
from pipeline.models import read_models
from tests.tiny import Tiny


def model(reads: str, *, grain: str = "city_id", sql: str = "select 'x' as city_id") -> str:
    return f"-- A table.\n-- grain: {grain}\n-- reads: {reads}\n{sql}\n"


def test_order_is_folder_then_reads_then_name(tiny: Tiny) -> None:
    tiny.sql("core/a", model("core.z"))
    tiny.sql("core/z", model("core.m, staging.stg_emissions"))
    tiny.sql("core/m", model("raw.city"))
    tiny.sql("mart/a", model("mart.city,\n--   core.a"))
    assert [one.table for one in read_models(tiny.settings.sql_dir)] == [
        "staging.stg_emissions",
        "core.emission",
        "core.m",
        "core.z",
        "core.a",
        "mart.city",
        "mart.a",
    ]


def test_circle_is_named(tiny: Tiny) -> None:
    tiny.sql("core/a", model("core.b"))
    tiny.sql("core/b", model("core.a"))
    with pytest.raises(ModelError, match=r"in a circle: core\.\w -> core\.\w -> core\.\w"):
        read_models(tiny.settings.sql_dir)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            model("core.emision"),
            "x.sql reads core.emision, which no model makes (did you mean 'core.emission'?)",
        ),
        (model("mart.city"), "core.x reads mart.city, which is only made later"),
        ("-- A table.\n-- grain: a\nselect 1 as a\n", "core/x.sql needs a header"),
        ("-- grain: a\n-- reads:\nselect 1 as a\n", "core/x.sql needs a header"),
        ("-- A table.\n-- grain: a\n-- reads:\n", "core/x.sql holds no query"),
    ],
)
def test_unusable_header_is_explained(tiny: Tiny, text: str, expected: str) -> None:
    tiny.sql("core/x", text)
    with pytest.raises(ModelError) as caught:
        read_models(tiny.settings.sql_dir)
    assert expected in str(caught.value)


def test_failing_model_names_its_file(tiny: Tiny) -> None:
    tiny.sql("core/x", model("", sql="select nowhere as city_id from raw.city"))
    with pytest.raises(ModelError, match=r"core/x\.sql: .*nowhere"):
        build(tiny.settings)


def test_models_cannot_read_files(tiny: Tiny) -> None:
    tiny.sql("core/x", model("", sql="select content as city_id from read_text('/etc/hostname')"))
    with pytest.raises(ModelError, match="disabled"):
        build(tiny.settings)


def test_rows_lie_in_the_order_asked_for_else_by_grain(tiny: Tiny) -> None:
    with open_reader(build(tiny.settings).path) as reader:
        assert reader.rows("select city_id from mart.city") == [("vilnius",), ("siauliai",)]
        assert reader.rows("select city_id, year from core.emission") == [
            ("siauliai", 2019),
            ("vilnius", 2015),
            ("vilnius", 2020),
        ]


def test_run_is_recorded(tiny: Tiny) -> None:
    with open_reader(build(tiny.settings).path) as reader:
        runs = reader.rows(
            "select step, table_name, grain, reads, row_count from meta.model_run order by step"
        )
    assert runs[2] == (3, "mart.city", ["city_id"], ["core.emission", "raw.city"], 2)


def test_trailing_semicolon_and_comment_do_no_harm(tiny: Tiny) -> None:
    tiny.sql("core/x", model("", sql="select 'x' as city_id -- the end") + "\n")
    tiny.sql("core/y", model("", sql="select 'y' as city_id;"))
    with open_reader(build(tiny.settings).path) as reader:
        assert reader.rows("select city_id from core.x union all select city_id from core.y") == [
            ("x",),
            ("y",),
        ]
