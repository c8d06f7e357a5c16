"""The few places where the guard must know how Streamlit talks: its frames and its signed cookie.

They use parts of Streamlit that are not promised to stay; the version is pinned and tests hold these to it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from http.cookies import CookieError, SimpleCookie
from pathlib import Path

import streamlit as st
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette import starlette_websocket

from pipeline.staff import Claim, claim_from_token

USER_COOKIE = "_streamlit_user"

RUN, PASS, DROP, REFUSE = "run", "pass", "drop", "refuse"
"""What to do with a frame: it starts a script; it is harmless; it is not for visitors; it is too long."""
HARMLESS = frozenset({"stop_script", "file_urls_request", "app_heartbeat", "backend_operation_request"})
LONGEST_QUERY = 8192
"""Signs of a query string: an address with 400 cities is shorter."""
LONGEST_NAME = 300
MOST_WIDGETS = 1000
SHORT = 96
"""A message that tells of the end of a script is shorter than this."""
GOES_ON = ForwardMsg.FINISHED_EARLY_FOR_RERUN


def frame_kind(data: bytes) -> str:
    """What a frame from a browser asks for."""
    message = BackMsg()
    try:
        message.ParseFromString(data)
    except DecodeError:
        return REFUSE
    kind = message.WhichOneof("type")
    if kind == "rerun_script":
        run = message.rerun_script
        too_long = len(run.query_string) > LONGEST_QUERY or len(run.page_name) > LONGEST_NAME
        return REFUSE if too_long or len(run.widget_states.widgets) > MOST_WIDGETS else RUN
    return PASS if kind in HARMLESS else DROP


def ends_run(data: bytes) -> bool:
    """Whether a message to a browser tells that its script has ended and no other run follows at once."""
    if len(data) > SHORT:
        return False
    message = ForwardMsg()
    try:
        message.ParseFromString(data)
    except DecodeError:
        return False
    return message.WhichOneof("type") == "script_finished" and message.script_finished != GOES_ON


def claim_in(cookies: str, origin: str | None) -> Claim | None:
    """Whose sign-in a Cookie header carries; with an `origin` given, only if it was made for that origin."""
    try:
        found = {name: morsel.value for name, morsel in SimpleCookie(cookies).items()}
        raw = starlette_websocket._get_signed_cookie_with_chunks(found, USER_COOKIE)
        token = json.loads(raw) if raw else None
    except (CookieError, UnicodeError, ValueError):
        return None
    if not isinstance(token, dict) or token.get("is_logged_in") is not True:
        return None
    if origin is not None and token.get("origin") != origin:
        return None
    return claim_from_token(token)


@cache
def inline_scripts(*ours: str) -> tuple[str, ...]:
    """The hashes of the scripts inside Streamlit's one HTML page and of ours, as a content security policy
    names them."""
    page = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    return tuple(
        "'sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() + "'"
        for script in (*scripts, *ours)
    )
