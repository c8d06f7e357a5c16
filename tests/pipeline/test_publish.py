"""Readers always find a whole build: after publishing, undoing, pruning and every kind of damage."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.build import build
from pipeline.engine import open_reader
from pipeline.errors import EngineError, PublishError
from pipeline.publish import (
    Build,
    Changes,
    builds,
    changes,
    current_build,
    open_current,
    prune,
    publish,
    undo,
)
from tests.tiny import MART, Tiny, emission


def make(tiny: Tiny, value: float) -> Build:
    tiny.emissions("official", [emission("official", "v", 2015, 900), emission("official", "v", 2020, value)])
    return build(tiny.settings)


def seen(tiny: Tiny) -> Build:
    current = current_build(tiny.settings)
    assert current is not None
    return current


def pointer(tiny: Tiny) -> Path:
    return tiny.settings.builds_dir / "current.json"


def test_nothing_published_is_none_not_an_error(tiny: Tiny) -> None:
    assert current_build(tiny.settings) is None
    assert open_current(tiny.settings) is None
    assert builds(tiny.settings) == []


def test_undo_goes_back_step_by_step(tiny: Tiny) -> None:
    one, two, three = make(tiny, 1), make(tiny, 2), make(tiny, 3)
    assert undo(tiny.settings).build_id == two.build_id
    assert seen(tiny).build_id == two.build_id
    assert undo(tiny.settings).build_id == one.build_id
    with pytest.raises(PublishError, match="Nothing can be undone"):
        undo(tiny.settings)
    assert {made.build_id: made.state for made in builds(tiny.settings)} == {
        one.build_id: "published",
        two.build_id: "withdrawn",
        three.build_id: "withdrawn",
    }


def test_undo_of_publish_is_where_we_were(tiny: Tiny) -> None:
    one, two = make(tiny, 1), make(tiny, 2)
    publish(tiny.settings, one.build_id)
    assert seen(tiny).build_id == one.build_id
    assert undo(tiny.settings).build_id == two.build_id


def test_build_is_found_by_the_start_or_end_of_its_id(tiny: Tiny) -> None:
    one, _ = make(tiny, 1), make(tiny, 2)
    assert publish(tiny.settings, one.build_id[-12:]).build_id == one.build_id
    assert publish(tiny.settings, one.path.name).build_id == one.build_id
    for wrong in ("20", "nothing", ""):
        with pytest.raises(PublishError, match=f"called '{wrong}'"):
            publish(tiny.settings, wrong)


def test_publishing_the_current_build_again_changes_nothing(tiny: Tiny) -> None:
    one = make(tiny, 1)
    before = pointer(tiny).read_bytes()
    publish(tiny.settings, one.build_id)
    assert pointer(tiny).read_bytes() == before


@pytest.mark.parametrize("contents", [None, "", "{", "[]", "{}", '{"build_id": 3}', "\x00" * 50])
def test_lost_or_damaged_pointer_gives_the_newest_build_with_a_warning(
    tiny: Tiny, contents: str | None
) -> None:
    make(tiny, 1)
    two = make(tiny, 2)
    if contents is None:
        pointer(tiny).unlink()
    else:
        pointer(tiny).write_text(contents)
    assert seen(tiny).build_id == two.build_id
    assert "current.json is" in seen(tiny).warning
    assert build(tiny.settings).warning == ""
    assert seen(tiny).warning == ""


@pytest.mark.parametrize("damage", ["missing", "cut", "card missing", "card damaged"])
def test_damaged_build_is_stood_in_for_by_the_one_before(tiny: Tiny, damage: str) -> None:
    one, two = make(tiny, 1), make(tiny, 2)
    card = two.path.with_suffix(".json")
    two.path.chmod(0o644)
    if damage == "missing":
        two.path.unlink()
    elif damage == "cut":
        two.path.write_bytes(two.path.read_bytes()[: two.byte_count // 2])
    elif damage == "card missing":
        card.unlink()
    else:
        card.write_text('{"build_id": ')
    assert seen(tiny).build_id == one.build_id
    assert two.build_id in seen(tiny).warning
    assert build(tiny.settings).warning == ""


def test_flipped_bit_is_found_before_a_reader_opens_the_file(tiny: Tiny) -> None:
    one, two = make(tiny, 1), make(tiny, 2)
    contents = bytearray(two.path.read_bytes())
    contents[len(contents) // 2] ^= 0x10
    two.path.chmod(0o644)
    two.path.write_bytes(contents)
    opened = open_current(tiny.settings)
    assert opened is not None
    made, reader = opened
    with reader:
        assert made.build_id == one.build_id
        assert "damaged" in made.warning
        assert reader.rows("select sum_t from mart.city where city_id = 'vilnius'") == [(901.0,)]
    with pytest.raises(PublishError, match="changed after it was verified"):
        publish(tiny.settings, two.build_id)


def test_withdrawn_and_draft_builds_never_stand_in(tiny: Tiny) -> None:
    one = make(tiny, 1)
    make(tiny, 2)
    undo(tiny.settings)
    tiny.emissions("official", [emission("official", "v", 2015, 3)])
    build(tiny.settings, publish=False)
    pointer(tiny).unlink()
    assert seen(tiny).build_id == one.build_id


def test_no_sound_build_is_none(tiny: Tiny) -> None:
    one = make(tiny, 1)
    one.path.chmod(0o644)
    one.path.write_bytes(b"\0" * one.byte_count)
    assert open_current(tiny.settings) is None


def test_prune_keeps_the_newest_the_current_and_the_one_before(tiny: Tiny) -> None:
    made = [make(tiny, number) for number in range(5)]
    publish(tiny.settings, made[0].build_id)
    removed = {one.build_id for one in prune(tiny.settings, keep_count=2)}
    assert removed == {made[1].build_id, made[2].build_id}
    assert {one.build_id for one in builds(tiny.settings)} == {made[n].build_id for n in (0, 3, 4)}
    assert not any(made[1].path.parent.glob(f"build-{made[1].build_id}*"))
    assert undo(tiny.settings).build_id == made[4].build_id


def test_published_file_cannot_be_changed_and_reads_nothing_else(tiny: Tiny) -> None:
    made = make(tiny, 1)
    with open_reader(made.path) as reader:
        for statement in (
            "create table x (a integer)",
            "delete from mart.city",
            "select * from read_text('/etc/hostname')",
            "attach '/tmp/other.duckdb'",
            "set enable_external_access = true",
            "copy mart.city to '/tmp/x.csv'",
        ):
            with pytest.raises(EngineError):
                reader.rows(statement)
    assert made.path.stat().st_mode & 0o222 == 0


def test_reader_answers_many_threads(tiny: Tiny) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with open_reader(make(tiny, 1).path) as reader, ThreadPoolExecutor(8) as pool:
        found = list(
            pool.map(
                lambda number: reader.rows("select $number + count(*) from mart.city", {"number": number}),
                range(200),
            )
        )
    assert found == [[(number + 2,)] for number in range(200)]


def test_frame_gives_the_same_rows(tiny: Tiny) -> None:
    with open_reader(make(tiny, 1).path) as reader:
        frame = reader.frame("select city_id from mart.city where city_id = any($ids)", {"ids": ["vilnius"]})
    assert frame["city_id"].tolist() == ["vilnius"]


VERDICTS = MART.replace("Cities with", "Verdicts and").replace(
    "max(emission.year) as latest_inventory_year, sum(emission.value_t) as sum_t",
    "'own_target' as yardstick_id, case when sum(emission.value_t) > 1500 then 'behind' else 'on_pace' end "
    "as verdict_id",
)


def test_changes_tell_verdicts_inventories_and_sources(tiny: Tiny) -> None:
    tiny.sql("mart/emission_progress", VERDICTS)
    tiny.leave_out("amber")
    before = make(tiny, 900)
    tiny.leave_out()
    tiny.emissions("official", [emission("official", "v", 2015, 900), emission("official", "v", 2022, 100)])
    after = build(tiny.settings)
    with open_reader(before.path) as old, open_reader(after.path) as new:
        found = changes(old, new)
        nothing = changes(new, new)
        back = changes(new, old)
        first = changes(None, new)
    assert [(one.city_id, one.before, one.now) for one in found.verdicts] == [
        ("vilnius", "behind", "on_pace")
    ]
    assert [(one.city_id, one.before, one.now) for one in found.inventories] == [
        ("siauliai", None, 2019),
        ("vilnius", 2020, 2022),
    ]
    assert found.added_sources == ("borrowed",)
    assert back.removed_sources == ("borrowed",)
    assert back.inventories == ()
    assert nothing == Changes(has_previous=True)
    assert nothing.is_empty
    assert first == Changes(has_previous=False)


def test_changes_against_a_build_without_the_table(tiny: Tiny) -> None:
    before = make(tiny, 900)
    tiny.sql("mart/emission_progress", VERDICTS)
    after = build(tiny.settings)
    with open_reader(before.path) as old, open_reader(after.path) as new:
        assert changes(old, new) == Changes(has_previous=True)


def test_pointer_names_what_was_seen_before(tiny: Tiny) -> None:
    one, two = make(tiny, 1), make(tiny, 2)
    assert json.loads(pointer(tiny).read_text()) == {"build_id": two.build_id, "before": [one.build_id]}
