"""The one-time staff address of a dashboard that only this machine can reach.

Where no identity provider is set up and the server listens on loopback only, the start prints an address with
a token. Opening it signs the browser in for eight hours. A token counts once; then the next one is printed.
The cookie is signed with a key that lives as long as the process.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
import threading
import time
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie

from pipeline import staff_roles
from pipeline.settings import Settings
from pipeline.staff import MAX_AGE_SECONDS, Claim
from pipeline.staff_roles import LOCAL_ISSUER

COOKIE = "mission_staff"
PATH = "/staff-entry"


class Door:
    """The token that counts now, and the sign-ins made with earlier ones."""

    def __init__(self, settings: Settings, tell: Callable[[str], None]) -> None:
        """`tell` gets each new token and shows it to whoever started the server."""
        self._settings = settings
        self._tell = tell
        self._key = secrets.token_bytes(32)
        self._token = ""
        self._lock = threading.Lock()

    def offer(self) -> None:
        """Make a token and tell it; the one before counts no longer."""
        with self._lock:
            self._token = secrets.token_urlsafe(32)
            self._tell(self._token)

    def enter(self, token: str) -> str | None:
        """The cookie for whoever brings the token that counts, which is spent by it. None for any other."""
        with self._lock:
            known, offered = self._token, token.encode("utf-8", "replace")
            if not known or not hmac.compare_digest(known.encode(), offered):
                return None
            self._token = ""
        issued = int(time.time())
        session = secrets.token_urlsafe(32)
        staff_roles.open_local_session(self._settings, _session_id(session), issued)
        self.offer()
        return f"{session}.{issued}.{self._signature(session, issued)}"

    def claim(self, cookie: str | None) -> Claim | None:
        """Who a cookie stands for; None when it is not one of ours."""
        session, _dot, rest = (cookie or "").partition(".")
        moment, _dot, signature = rest.partition(".")
        if not session or not moment.isascii() or not moment.isdecimal() or len(moment) > 12:
            return None
        issued = int(moment)
        if not hmac.compare_digest(self._signature(session, issued).encode(), signature.encode()):
            return None
        return Claim(
            issuer=LOCAL_ISSUER,
            subject="admin",
            email="",
            email_verified=False,
            name="",
            signed_in_at=float(issued),
            session_id=_session_id(session),
        )

    def _signature(self, session: str, issued: int) -> str:
        return hmac.new(self._key, f"{session}.{issued}".encode(), hashlib.sha256).hexdigest()


def _session_id(session: str) -> str:
    """What is kept on disk, so that the file alone lets nobody in."""
    return hashlib.sha256(session.encode()).hexdigest()


def set_cookie(value: str) -> str:
    """The header that makes a browser keep the cookie: not for scripts, not sent by other sites' pages."""
    return f"{COOKIE}={value}; Path=/; Max-Age={MAX_AGE_SECONDS}; HttpOnly; SameSite=Strict"


def cookie_in(header: str) -> str | None:
    """Our cookie in a Cookie header."""
    try:
        found = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return None
    return None if found is None else found.value


def is_loopback(host: str) -> bool:
    """Whether a host name or address, with or without a port, means this machine."""
    name = host.strip().lower()
    if name.startswith("["):
        name = name[1:].partition("]")[0]
    elif name.count(":") == 1:
        name = name.partition(":")[0]
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
