"""The preview of an upload: a finished candidate build and what it changes. Readers see nothing of it.

start_preview(settings, person, upload_id, keep_earlier=False) -> bool   begins it in a child process
preview_progress(settings, upload_id) -> jobs.Progress                   how far it is
read_preview(settings, upload_id) -> Preview | None                      the result, also after a restart
is_stale(settings, preview) -> bool                                      readers see another build by now
preview(settings, person, upload_id, progress=None) -> Preview           all of it, waiting for the end
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from pipeline import staff
from pipeline.build import Progress as BuildProgress
from pipeline.build import Step, build
from pipeline.catalogue import load_catalogue
from pipeline.engine import open_reader
from pipeline.publish import Build, current_build
from pipeline.settings import Settings
from pipeline.staff import Person
from pipeline.uploads import drafts, jobs, ledger
from pipeline.uploads.codec import from_plain, to_plain
from pipeline.uploads.difference import Difference, difference
from pipeline.uploads.model import Checked, Fault
from pipeline.uploads.stage import Staged, same_figures, stage
from pipeline.uploads.store import StoreError, folder_of, moment, read_json, utc_now, write_json

#: More than this share of the earlier rows lost is a question, in %.
MOST_LOST_PCT = 5.0
#: An upload about more cities than this is a reviewer's to publish.
MOST_CITIES = 20

FILE = "preview.json"


@dataclass(frozen=True, slots=True)
class Preview:
    """A candidate and what it would change.

    `uploads` are those that would count, the new one last. `questions` are the codes of all that must be
    confirmed by name before it is published: warnings of the check, and `rows_lost` or `many_cities`, which
    also make it a reviewer's (`needs_review`).
    """

    upload_id: str
    base_build_id: str
    build_id: str
    input_sha256: str
    made_at: str
    uploads: tuple[str, ...]
    staged: Staged
    difference: Difference = field(default_factory=Difference)
    questions: tuple[str, ...] = ()
    checked_sha256: str = ""

    @property
    def needs_review(self) -> bool:
        return bool({"rows_lost", "many_cities"} & set(self.questions))

    def faults(self) -> tuple[Fault, ...]:
        """The questions that the preview itself raised, for their words in faults.yml."""
        lost = max(self.staged.lost_rows, self.difference.counts.get("lost", 0))
        values = {
            "rows_lost": f"{lost} ({self.lost_share_pct:.0f} %)",
            "many_cities": str(len(self.staged.cities)),
        }
        return tuple(Fault(code, value=values[code]) for code in self.questions if code in values)

    @property
    def lost_share_pct(self) -> float:
        """The larger of two shares in %: earlier uploaded rows not repeated, and figures no longer shown."""
        return max(self.staged.lost_share_pct, self.difference.lost_share_pct)


def start_preview(settings: Settings, person: Person, upload_id: str, *, keep_earlier: bool = False) -> bool:
    """Begin a preview in a child process; False when one of this upload is running already."""
    draft = drafts.load(settings, upload_id)
    person = staff.require(settings, person, "preview", cities=draft.cities, indicators=draft.indicators)
    drafts.may_act(settings, person, draft)
    if draft.state in (drafts.PUBLISHED, drafts.WITHDRAWN, drafts.REJECTED):
        raise StoreError("draft_closed", f"This upload is {draft.state}; begin a new one.", value=draft.state)
    _refuse_faults(settings, drafts.load_checked(settings, upload_id))
    folder = folder_of(settings, "drafts", upload_id)
    job = {
        "kind": "preview",
        "upload_id": upload_id,
        "keep_earlier": keep_earlier,
        "person": person.person_id,
    }
    return jobs.start(settings, folder, job)


def preview_progress(settings: Settings, upload_id: str) -> jobs.Progress:
    """How far the preview is."""
    return jobs.watch(folder_of(settings, "drafts", upload_id))


def preview(
    settings: Settings,
    person: Person,
    upload_id: str,
    progress: Callable[[jobs.Progress], None] | None = None,
    *,
    keep_earlier: bool = False,
) -> Preview:
    """Make a preview and wait for it."""
    start_preview(settings, person, upload_id, keep_earlier=keep_earlier)
    ended = jobs.wait(folder_of(settings, "drafts", upload_id), progress)
    found = read_preview(settings, upload_id)
    if ended.state != jobs.DONE or found is None:
        raise jobs.failure(ended)
    return found


def read_preview(settings: Settings, upload_id: str) -> Preview | None:
    """The last preview of the draft as it was checked last; None when there is none."""
    values = read_json(folder_of(settings, "drafts", upload_id) / FILE)
    return from_plain(Preview, values) if isinstance(values, dict) else None


def is_stale(settings: Settings, found: Preview) -> bool:
    """Whether readers see another build than the one the preview compares with."""
    current = current_build(settings)
    return (current.build_id if current is not None else "") != found.base_build_id


def is_of_check(settings: Settings, found: Preview) -> bool:
    """Whether the preview shows what was checked last."""
    return drafts.checked_sha256(settings, found.upload_id) == found.checked_sha256


def make_preview(
    settings: Settings,
    upload_id: str,
    *,
    keep_earlier: bool = False,
    person_id: str = "",
    progress: BuildProgress = lambda _: None,
) -> Preview:
    """Stage, build and compare; the work of the child process. The caller asked for the person's right."""
    total = 3

    def report(step: Step) -> None:
        nonlocal total
        total = step.total + 2
        progress(Step(step.name, step.index + 1, total))

    progress(Step("Staging", 1, total))
    check = drafts.checked_sha256(settings, upload_id)
    draft, checked = drafts.load(settings, upload_id), drafts.load_checked(settings, upload_id)
    if checked is None:
        raise StoreError("check_needed", "The upload was not checked yet.")
    staged = stage(settings, draft, checked, keep_earlier=keep_earlier)
    same = same_figures(settings, staged)
    if same:
        raise StoreError(
            "already_uploaded", f"The very same figures are published by the upload {same}.", value=same
        )
    base = current_build(settings)
    active = ledger.active_uploads(settings)
    uploads = (*(known for known in active if known != upload_id), upload_id)
    made = build(settings, report, publish=False, uploads=uploads)
    progress(Step("Comparing", total, total))
    found = Preview(
        upload_id=upload_id,
        base_build_id=base.build_id if base is not None else "",
        build_id=made.build_id,
        input_sha256=made.input_sha256,
        made_at=moment(utc_now()),
        uploads=uploads,
        staged=staged,
        difference=_compare(settings, base, made, staged),
        checked_sha256=check,
    )
    found = from_plain(Preview, {**to_plain(found), "questions": _questions(settings, checked, found)})
    now = drafts.load(settings, upload_id)
    if now.state not in (drafts.CHECKED, drafts.PREVIEWED) or not is_of_check(settings, found):
        raise StoreError("preview_needed", "The file or its reading changed while the preview was made.")
    write_json(_path(settings, upload_id), to_plain(found))
    drafts.set_state(settings, now, drafts.PREVIEWED)
    ledger.append(
        settings,
        drafts.PREVIEWED,
        person=person_id,
        upload_id=upload_id,
        sha256=draft.sha256,
        base_build=found.base_build_id,
        build=found.build_id,
        counts={**found.difference.counts, "lost_rows": staged.lost_rows},
    )
    return found


def _compare(settings: Settings, base: Build | None, made: Build, staged: Staged) -> Difference:
    with ExitStack() as stack:
        old = None
        if base is not None:
            old = stack.enter_context(open_reader(base.path, settings.memory_limit))
        new = stack.enter_context(open_reader(made.path, settings.memory_limit))
        found = difference(old, new)
        missing = set(staged.cities) - {city.city_id for city in found.cities}
        if not missing:
            return found
        # Cities of the upload whose figures do not change are shown too.
        more = difference(old, new, missing)
        return from_plain(Difference, {**to_plain(found), "cities": to_plain((*found.cities, *more.cities))})


def _questions(settings: Settings, checked: Checked, found: Preview) -> list[str]:
    known = load_catalogue(settings).faults
    asked = [code for code in sorted(checked.counts) if code in known and known[code].severity == "warning"]
    if found.lost_share_pct > MOST_LOST_PCT:
        asked.append("rows_lost")
    if len(found.staged.cities) > MOST_CITIES:
        asked.append("many_cities")
    return asked


def _refuse_faults(settings: Settings, checked: Checked | None) -> None:
    if checked is None:
        raise StoreError("check_needed", "The upload was not checked yet.")
    known = load_catalogue(settings).faults
    left = [
        code
        for code in sorted(checked.counts)
        if code not in known or known[code].severity in ("error", "question")
    ]
    if left:
        raise StoreError(
            "faults_left", "Faults are left in the file: " + ", ".join(left), value=", ".join(left)
        )


def _path(settings: Settings, upload_id: str) -> Path:
    return folder_of(settings, "drafts", upload_id) / FILE
