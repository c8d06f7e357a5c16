"""A publisher's uploaded file is laid over what we hold of it, a city's takes the place of whole groups."""

from __future__ import annotations

from pathlib import Path

from pipeline.engine import open_reader
from pipeline.schema import FIGURES
from pipeline.uploads import drafts, preview, release
from pipeline.uploads.model import Record
from tests.tiny import write_csv
from tests.uploads.store.project import Project, checked, record


def official(year: int, value: float, key: str = "v", **more: str) -> Record:
    return record("vilnius", year, value, source_city_key=key, **more)


def publish(project: Project, records: list[Record]) -> str:
    """A publisher's file, brought by a reviewer."""
    person = project.reviewer
    draft = drafts.open_draft(
        project.settings, person, sha256=repr(records)[:64], name="official.csv", byte_count=9
    )
    drafts.save_checked(project.settings, person, draft, checked(records, source_id="official"))
    seen = project.preview(draft.upload_id)
    release.publish(project.settings, person, draft.upload_id, seen.questions, "New edition")
    return draft.upload_id


def test_publishers_file_changes_and_adds_figures_and_loses_none(project: Project) -> None:
    project.emissions_with_note()
    assert project.totals(source_id="official") == {2015: 900.0, 2020: 700.5}
    person = project.reviewer
    draft = drafts.open_draft(project.settings, person, sha256="a" * 64, name="o.csv", byte_count=9)
    rows = [official(2020, 710), official(2021, 650), official(2021, 9, key="nowhere")]
    drafts.save_checked(project.settings, person, draft, checked(rows, source_id="official"))
    seen = project.preview(draft.upload_id)
    assert (seen.staged.added_rows, seen.staged.changed_rows, seen.staged.lost_rows) == (1, 1, 0)
    assert seen.difference.counts == {"added": 1, "changed": 1, "lost": 0}
    made = release.publish(project.settings, person, draft.upload_id, seen.questions)
    assert project.totals(source_id="official") == {2015: 900.0, 2020: 710.0, 2021: 650.0}
    with open_reader(made.path) as reader:
        # What was judged by hand on the shipped row stays with the new figure.
        assert reader.rows("select note, flags from raw.emissions where year = '2020'") == [
            ("Read twice", "rounded")
        ]
        ((name,),) = reader.rows("select file_name from meta.source_file where source_id = 'official'")
    assert name == f"data/figures/official/emissions.csv + uploads/accepted/{draft.upload_id}/emissions.csv"


def test_two_editions_lie_over_each_other_and_the_older_can_be_withdrawn(project: Project) -> None:
    older = publish(project, [official(2020, 710), official(2021, 650)])
    publish(project, [official(2021, 640), official(2022, 600)])
    assert project.totals(source_id="official") == {2015: 900.0, 2020: 710.0, 2021: 640.0, 2022: 600.0}
    release.withdraw(project.settings, project.reviewer, older, "Wrong edition")
    assert project.totals(source_id="official") == {2015: 900.0, 2020: 700.5, 2021: 640.0, 2022: 600.0}


def test_fetched_file_stays_below_the_uploaded_one(project: Project) -> None:
    fetched: Path = project.settings.fetched_dir / "official" / "emissions.csv"
    row = {**official(2020, 500).cells, "source_id": "official"}
    write_csv(fetched, FIGURES["emissions"], [row])
    project.build()
    assert project.totals(source_id="official") == {2020: 500.0}
    publish(project, [official(2020, 510), official(2021, 490)])
    assert project.totals(source_id="official") == {2020: 510.0, 2021: 490.0}


def test_left_out_source_leaves_its_uploads_out_too(project: Project) -> None:
    project.upload([record("vilnius", 2022, 600)])
    publish(project, [official(2021, 650)])
    project.leave_out("municipal_upload")
    project.build()
    assert project.totals() == {}
    assert project.totals(source_id="official") == {2015: 900.0, 2020: 700.5, 2021: 650.0}


def test_later_upload_takes_a_whole_group_and_no_more(project: Project) -> None:
    project.upload(
        [
            record("vilnius", 2020, 1),
            record("vilnius", 2021, 2),
            record("vilnius", 2018, 3, series_key="other"),
            record("siauliai", 2020, 4),
        ]
    )
    draft = project.check([record("vilnius", 2021, 5)], project.reviewer)
    seen = project.preview(draft.upload_id)
    assert (seen.staged.earlier_rows, seen.staged.lost_rows) == (2, 1)
    release.publish(project.settings, project.reviewer, draft.upload_id, seen.questions, "Only 2021 is sure")
    assert sorted(
        project.rows(
            "select source_city_key, year, series_key, value from raw.emissions "
            "where source_id = 'municipal_upload'"
        )
    ) == [
        ("siauliai", "2020", "main", "4"),
        ("vilnius", "2018", "other", "3"),
        ("vilnius", "2021", "main", "5"),
    ]


def test_first_figures_again_after_others_count_once(project: Project) -> None:
    """The same file may come back after another one took its place: its bytes then lie there twice."""
    rows = [record("vilnius", 2021, 650)]
    project.upload(rows)
    project.upload([record("vilnius", 2021, 640)])
    draft = drafts.open_draft(
        project.settings, project.editor, sha256="b" * 64, name="again.csv", byte_count=9
    )
    drafts.save_checked(project.settings, project.editor, draft, checked(rows))
    preview.make_preview(project.settings, draft.upload_id)
    release.publish(project.settings, project.editor, draft.upload_id)
    assert project.totals() == {2021: 650.0}
    assert project.rows("select count(*) from raw.emissions where source_id = 'municipal_upload'") == [(1,)]
