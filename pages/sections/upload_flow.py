"""One person's work on one upload: the draft on the disk, the file as it reads, and what was made of it.

Everything a person decides is written to the draft at once; a page that is opened again reads it from there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from pages.charts.text import unlinked_safe
from pages.language import LANGUAGES, language
from pages.parts import session, staff
from pages.sections import upload_steps
from pipeline.engine import Reader
from pipeline.errors import PipelineError
from pipeline.staff import AccessRefused, Person
from pipeline.uploads import check, child, drafts, mapping, official
from pipeline.uploads.context import Context, load_context
from pipeline.uploads.drafts import Draft
from pipeline.uploads.explain import explain
from pipeline.uploads.limits import MAX_BYTES, megabytes
from pipeline.uploads.mapping import Proposal
from pipeline.uploads.model import Checked, Choices, Content, Fault, Grid
from pipeline.uploads.receive import raw_path
from pipeline.uploads.store import StoreError

FILES_KEPT = 4
"""Files held in memory as read, over all people."""
TRANSLATORS = [language(code).gettext for code in LANGUAGES]
"""A file may use the words of any of the dashboard's languages."""
PROBLEM = "u_problem"
RESET = frozenset({"sheet", "header_row", "encoding", "delimiter", "table"})
"""Choices after which the meaning of the columns has to be proposed anew."""


@dataclass(frozen=True)
class Journey:
    """What the steps need. `proposal` is None where the file could not be read at all."""

    person: Person
    draft: Draft
    shape: str | None
    """The publisher's layout the file has, if any; then it is read by that publisher's reader."""
    content: Content
    context: Context
    proposal: Proposal | None

    @property
    def is_official(self) -> bool:
        return self.shape is not None

    @property
    def upload_id(self) -> str:
        return self.draft.upload_id

    @property
    def choices(self) -> Choices:
        return self.draft.choices

    @property
    def grid(self) -> Grid | None:
        """The sheet in use."""
        if self.proposal is None:
            return None
        return next((grid for grid in self.content.grids if grid.sheet == self.proposal.sheet), None)

    @property
    def header_row(self) -> int:
        """Row of the header, from 1; 1 where none was found."""
        found = self.proposal.header_row if self.proposal is not None else None
        return found or 1

    def take(self, name: str, widget: str) -> None:
        """For callbacks: the choice `name` becomes what the widget holds."""
        change(self.upload_id, **{name: st.session_state[widget]})


def person() -> Person:
    """Who acts now, looked up anew; a callback runs before the page has asked."""
    found = staff.person()
    if found is None:
        raise AccessRefused("not_signed_in")
    return found


def change(upload_id: str, **values: Any) -> None:
    """Keep changed choices in the draft. Choosing another sheet or header drops what hung on the old one."""
    with telling():
        draft = drafts.load(session.settings(), upload_id)
        if RESET & set(values):
            values = {"columns": {}, "years": {}, **values}
        for name in ("constants", "answers"):
            if name in values:
                values[name] = {**getattr(draft.choices, name), **values[name]}
        choices = replace(draft.choices, **values)
        drafts.save(session.settings(), person(), replace(draft, choices=choices, state=drafts.PARSED))


class telling:
    """Errors a person can act on become a message on the next screen instead of a failed page."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        if isinstance(error, PipelineError):
            st.session_state[PROBLEM] = words_of(error)
            return True
        return False


def words_of(error: PipelineError) -> str:
    """What went wrong and what to do, in the person's language. Plain text."""
    lang = session.language()
    _ = lang.gettext
    if isinstance(error, AccessRefused):
        title, text = staff.REFUSED_WORDS.get(error.code, staff.REFUSED_WORDS["not_signed_in"])
        return f"{_(title)} {_(text)}" + (f" ({error.about})" if error.about else "")
    if isinstance(error, StoreError) and error.code in session.catalogue().faults:
        params = dict(error.params)
        fault = Fault(error.code, value=params.get("value", ""), params=params)
        told = explain(fault, session.catalogue(), _, lang.plain_number)
        return f"{told.text} {told.remedy}"
    return str(error)


def problem() -> None:
    """Show what the last click could not do, once."""
    text = st.session_state.pop(PROBLEM, "")
    if text:
        st.error(unlinked_safe(text), icon=":material/error:")


def open_draft(who: Person, upload_id: str) -> Draft | None:
    """The draft the address names when it is this person's to work on; else None, and why is kept."""
    if not upload_id:
        return None
    try:
        draft = drafts.load(session.settings(), upload_id)
        drafts.may_act(session.settings(), who, draft)
    except PipelineError as error:
        st.session_state[PROBLEM] = words_of(error)
        return None
    return draft


def journey(who: Person, draft: Draft) -> Journey:
    """Read the file (in a child process, once per way of reading) and propose what its columns mean."""
    _ = session.language().gettext
    with st.spinner(_("Reading the file …"), show_time=True):
        shape = _shape(draft.sha256, draft.name)
        context = context_of(who)
        if shape is not None:
            return Journey(who, draft, shape, Content(""), context, None)
        content = _content(
            draft.sha256, draft.name, draft.byte_count, draft.choices.encoding, draft.choices.delimiter
        )
        proposal = mapping.propose(content, draft.choices, context) if content.grids else None
    return Journey(who, draft, None, content, context, proposal)


@st.cache_resource(max_entries=FILES_KEPT, show_spinner=False)
def _content(sha256: str, name: str, byte_count: int, encoding: str | None, delimiter: str | None) -> Content:
    if byte_count > MAX_BYTES:
        params = {"size": megabytes(byte_count), "limit": megabytes(MAX_BYTES)}
        return Content("", faults=(Fault("file_too_big", params=params),))
    settings = session.settings()
    choices = Choices(encoding=encoding, delimiter=delimiter)
    return child.read_file(raw_path(settings, sha256), name, choices, settings=settings)


@st.cache_resource(max_entries=FILES_KEPT * 4, show_spinner=False)
def _shape(sha256: str, name: str) -> str | None:
    return official.recognise(raw_path(session.settings(), sha256), name)


def outcome(here: Journey) -> Checked | None:
    """What the check found: as kept, or found now. None where the person may not hand in such figures."""
    if here.draft.state in (drafts.CHECKED, drafts.PREVIEWED):
        return checked_of(here.upload_id)
    _ = session.language().gettext
    settings = session.settings()
    with st.spinner(_("Checking every row …"), show_time=True):
        if here.shape is not None:
            found = official.read_official(
                settings,
                raw_path(settings, here.draft.sha256),
                here.shape,
                name=here.draft.name,
                cities=here.person.cities,
                city_id=here.choices.constants.get("city"),
            )
        else:
            found = check.check(here.content, here.choices, here.context)
        with telling():
            drafts.save_checked(settings, here.person, here.draft, found)
            return found
    return None


def context_of(who: Person) -> Context:
    """What uploads are checked against, for this person and the published build."""
    return _context(session.build().build_id, who.person_id, who.cities, who.indicators, who)


@st.cache_resource(max_entries=FILES_KEPT, show_spinner=False)
def _context(
    build_id: str,  # noqa: ARG001  what to keep it by
    person_id: str,  # noqa: ARG001
    cities: frozenset[str] | None,  # noqa: ARG001
    indicators: frozenset[str] | None,  # noqa: ARG001
    _who: Person,
) -> Context:
    return load_context(session.settings(), session.data(_itself), _who, TRANSLATORS)


def _itself(reader: Reader) -> Reader:
    """The published build, open for reading."""
    return reader


def checked_of(upload_id: str) -> Checked | None:
    """What checking found, as kept in the draft."""
    return drafts.load_checked(session.settings(), upload_id)


def act(step: Callable[[], object], then: str | None = None) -> None:
    """For callbacks: do something that may be refused; where it worked, go on to another step."""
    with telling():
        step()
        if then is not None:
            upload_steps.go(then)


def by_code(counts: Mapping[str, int], severity: str) -> list[str]:
    """The codes of one severity among the faults found."""
    faults = session.catalogue().faults
    return [code for code in counts if code in faults and faults[code].severity == severity]
