"""The address bar and the widgets say the same: every choice is a link, and every link restores a choice.

Streamlit can bind a widget to the address by itself (``bind="query-params"``), but writes the label it shows,
so a link would change with the language and with every new translation. Here the address holds ids.

Once a run the shell calls :func:`begin` first and :func:`finish` last. In between, each choice is drawn with
:func:`pick` (one id), :func:`pick_many` or :func:`seed` plus its own widget and :func:`record`. Who wins when
the two disagree: a widget the reader has just used; else the address (link, back button, typed by hand).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import streamlit as st

Params = dict[str, list[str]]
T = TypeVar("T")

STATE = "_address"
PREFIX = "a_"
"""Widget keys are the address key with this prefix."""
LATE_SECONDS = 2.0
"""So long, a request with the address before the last one is taken as late and not as a step back."""


@dataclass(slots=True)
class _Memory:
    """What this session wrote last, and what the widgets held then."""

    written: Params = field(default_factory=dict)
    before: Params = field(default_factory=dict)
    written_at: float = 0.0
    widgets: dict[str, object] = field(default_factory=dict)
    page: str | None = None
    language: object = None
    bare: set[str] = field(default_factory=set)
    incoming: Params = field(default_factory=dict)
    address_wins: bool = True
    used: bool = False
    first_run: bool = True
    waited: bool = False
    recorded: Params = field(default_factory=dict)


def _memory() -> _Memory:
    if STATE not in st.session_state:
        st.session_state[STATE] = _Memory()
    memory: _Memory = st.session_state[STATE]
    return memory


def begin(page: str) -> None:
    """Read the address and decide who wins in this run; `page` is the page's path.

    The menu goes to an address without any choices. That is no wish to lose them, unless the page was indeed
    left bare before: then it is a step back to its first state.
    """
    memory = _memory()
    memory.incoming = {key: st.query_params.get_all(key) for key in st.query_params}
    memory.recorded = {}
    memory.first_run = memory.page is None
    used_a_widget = any(
        key in st.session_state and st.session_state[key] != value for key, value in memory.widgets.items()
    )
    by_menu = not memory.incoming and page not in memory.bare
    late = memory.incoming == memory.before and time.monotonic() - memory.written_at < LATE_SECONDS
    changed = memory.incoming != memory.written
    memory.address_wins = memory.first_run or (changed and not used_a_widget and not by_menu and not late)
    memory.used = used_a_widget
    if memory.language != st.session_state.get(PREFIX + "lang"):
        _keep_ids(memory)
    memory.page = page


def _keep_ids(memory: _Memory) -> None:
    """After a change of language: widgets keep the words they show, which are others now, so their ids are
    set."""
    for key, value in memory.widgets.items():
        if key != PREFIX + "lang" and key in st.session_state:
            st.session_state[key] = value


def incoming(key: str) -> list[str] | None:
    """The values of a key in the address of this run; None when it is not there."""
    return _memory().incoming.get(key)


def address_wins() -> bool:
    """Whether this run takes its choices from the address (first visit, link, back button)."""
    return _memory().address_wins


def is_first_run() -> bool:
    """Whether this visitor has seen nothing yet: all choices are what the address says."""
    return _memory().first_run


def wait_once(seconds: float) -> None:
    """Let what was drawn so far reach the screen before more follows: once a visit, in its first run."""
    memory = _memory()
    if memory.first_run and not memory.waited:
        memory.waited = True
        time.sleep(seconds)


def used_a_widget() -> bool:
    """Whether this run was started by one of the choices kept in the address."""
    return _memory().used


def seed(key: str, value: Callable[[], T]) -> str:
    """Set the widget of `key` from the address where the address wins; gives back the widget's key."""
    widget = PREFIX + key
    if address_wins() or widget not in st.session_state:
        st.session_state[widget] = value()
    return widget


def record(key: str, values: Sequence[str], *, is_default: bool) -> None:
    """Note what the address shall say about `key`; a default is left out."""
    memory = _memory()
    memory.widgets[PREFIX + key] = st.session_state.get(PREFIX + key)
    if not is_default:
        memory.recorded[key] = list(values) or [""]


def expect(params: Params) -> None:
    """Let links made in this run keep these choices, whose widgets may be drawn later."""
    _memory().recorded.update(params)


def choose(key: str, value: object) -> None:
    """Set a choice from a callback (reset, a click on the map); its widget follows in the next run."""
    st.session_state[PREFIX + key] = value


def one_of(key: str, options: Sequence[str], default: str) -> str:
    """The id the address names for `key` when it is among the options, else the default."""
    value = next(iter(incoming(key) or ()), default)
    return value if value in options else default


def peek(key: str, default: str) -> str:
    """What a choice of one id holds in this run, asked before its widget is drawn."""
    held = st.session_state.get(PREFIX + key)
    if address_wins() or held is None:
        return next(iter(incoming(key) or ()), default)
    return str(held)


def pick(
    key: str,
    label: str,
    options: Sequence[str],
    words: Mapping[str, str] | Callable[[str], str],
    *,
    default: str | None = None,
    kind: str = "select",
    help: str | None = None,
    label_visibility: str = "visible",
    width: Any = "stretch",
) -> str:
    """A choice of one id, kept in the address. `kind`: select (list), segments (buttons in a row), radio."""
    if not options:
        raise ValueError(f"The choice '{key}' has no options.")
    standard = default if default is not None and default in options else options[0]
    widget = seed(key, lambda: one_of(key, options, standard))
    if st.session_state[widget] not in options:
        st.session_state[widget] = standard
    show = words if callable(words) else words.__getitem__
    shared: dict[str, Any] = {
        "key": widget,
        "format_func": show,
        "help": help,
        "label_visibility": label_visibility,
        "persist_state": "session",
    }
    chosen: object
    if kind == "segments":
        chosen = st.segmented_control(label, list(options), required=True, width=width, wrap=True, **shared)
    elif kind == "radio":
        chosen = st.radio(label, list(options), horizontal=True, **shared)
    else:
        chosen = st.selectbox(label, list(options), width=width, **shared)
    value = str(chosen) if chosen in options else standard
    record(key, [value], is_default=value == standard)
    return value


def pick_many(
    key: str,
    label: str,
    options: Sequence[str],
    words: Mapping[str, str] | Callable[[str], str],
    *,
    default: Sequence[str] = (),
    most: int | None = None,
    help: str | None = None,
    placeholder: str | None = None,
) -> list[str]:
    """A choice of several ids, kept in the address."""
    known = set(options)
    widget = seed(
        key,
        lambda: (
            list(default) if incoming(key) is None else [v for v in incoming(key) or () if v in known][:most]
        ),
    )
    st.session_state[widget] = [value for value in st.session_state[widget] if value in known]
    show = words if callable(words) else words.__getitem__
    chosen = st.multiselect(
        label,
        list(options),
        key=widget,
        format_func=show,
        help=help,
        placeholder=placeholder,
        max_selections=most,
        select_all=False,
        filter_mode="contains",
        persist_state="session",
    )
    record(key, chosen, is_default=list(chosen) == list(default))
    return list(chosen)


def finish() -> None:
    """Write what was recorded into the address, keeping keys that are not ours."""
    memory = _memory()
    wanted = memory.recorded
    kept = {key: values for key, values in memory.incoming.items() if key.startswith("embed")}
    target = {**kept, **wanted}
    now = {key: st.query_params.get_all(key) for key in st.query_params}
    if target != now:
        memory.before = now
        memory.written_at = time.monotonic()
        st.query_params.from_dict(target)
    memory.written = target
    memory.language = st.session_state.get(PREFIX + "lang")
    if not target and memory.page is not None:
        memory.bare.add(memory.page)


def current() -> Params:
    """What the address says after this run: for links that keep every choice."""
    return dict(_memory().recorded)
