"""Whether anybody can sign in here, and how: decided once, when the server starts.

Either an identity provider is set up in ``.streamlit/secrets.toml``, or the server listens on loopback only
and prints a one-time address, or there is no staff area. A staff area that is set up wrongly stays closed,
and the reason is printed; the public pages run in any case.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from streamlit import config
from streamlit.auth_util import is_authlib_installed
from streamlit.errors import StreamlitSecretNotFoundError

from pages.door import PATH, Door, is_loopback
from pipeline.settings import Settings

SECRET_SIGNS = 32
"""Shortest cookie secret that is taken: 16 random bytes as hexadecimal."""
VARIETY = 8
"""A secret with fewer different signs than this is no random one."""
NEEDED = ("client_id", "client_secret", "server_metadata_url")


@dataclass(frozen=True, slots=True)
class Mode:
    """How people sign in: by a `provider`, by a one-time address (`local`), or not at all (`closed`).

    `provider` is the name of the section in the secrets, None for the unnamed one. `reason` says in words
    why the staff area is closed.
    """

    kind: str
    provider: str | None = None
    reason: str = ""
    door: Door | None = None

    @property
    def is_open(self) -> bool:
        return self.kind != "closed"


CLOSED = Mode("closed", reason="The server has not started.")
_now: list[Mode] = [CLOSED]


def mode() -> Mode:
    """How people sign in to this server."""
    return _now[0]


def start(settings: Settings) -> Mode:
    """Decide how people sign in, and tell whoever started the server."""
    address = str(config.get_option("server.address") or "")
    try:
        found = _decide(settings, _secrets(), address)
    except Wrong as error:
        found = Mode("closed", reason=str(error))
    _now[0] = found
    if found.kind == "closed":
        _say(f"Staff area: closed. {found.reason}\nThe public pages are not affected.")
    elif found.kind == "provider":
        _say("Staff area: open, by the identity provider in the secrets.")
    elif found.door is not None:
        found.door.offer()
    return found


class Wrong(Exception):
    """Why the staff area stays closed."""


def _decide(settings: Settings, found: Mapping[str, Any] | None, address: str) -> Mode:
    if config.get_option("server.trustedUserHeaders"):
        raise Wrong("server.trustedUserHeaders lets anybody who can set a header be anybody; remove it.")
    if found is not None and "auth" in found:
        return Mode("provider", provider=_check(found["auth"]))
    if not config.get_option("server.enableXsrfProtection"):
        raise Wrong("server.enableXsrfProtection is off; switch it on.")
    if not is_loopback(address):
        raise Wrong(
            "No identity provider is set up ([auth] in .streamlit/secrets.toml), and the server can be "
            "reached from other machines. See .streamlit/secrets.sample.toml."
        )
    return Mode("local", door=Door(settings, _tell_address))


def _secrets() -> Mapping[str, Any] | None:
    """What the secrets hold; None when there are none."""
    try:
        return dict(st.secrets)
    except StreamlitSecretNotFoundError as error:
        if error.error_id == "no-secrets-found":
            return None
        raise Wrong(
            "The secrets cannot be read; see .streamlit/secrets.sample.toml for their form."
        ) from None
    except Exception as error:
        raise Wrong(f"The secrets cannot be read ({type(error).__name__}).") from None


def _check(auth: Any) -> str | None:
    """The name of the provider's section in a complete ``[auth]``; raises `Wrong` for anything else."""
    if not isinstance(auth, Mapping):
        raise Wrong("[auth] in the secrets is no section.")
    secret = auth.get("cookie_secret")
    if not isinstance(secret, str) or len(secret) < SECRET_SIGNS or len(set(secret)) < VARIETY:
        raise Wrong(
            f"cookie_secret in the secrets is missing or too weak: it must be {SECRET_SIGNS} random signs or "
            "more, for example from: python -c 'import secrets; print(secrets.token_hex(32))'"
        )
    sections = {str(name): value for name, value in auth.items() if isinstance(value, Mapping)}
    named = [name for name in sections if name != "client_kwargs"]
    if len(named) > 1:
        raise Wrong(f"The secrets name {len(named)} identity providers ({', '.join(named)}); one is needed.")
    provider = named[0] if named else None
    values = auth if provider is None else sections[provider]
    missing = [key for key in NEEDED if not isinstance(values.get(key), str) or not values.get(key)]
    if not isinstance(auth.get("redirect_uri"), str):
        missing.insert(0, "redirect_uri")
    if missing:
        raise Wrong(f"[auth] in the secrets lacks {', '.join(missing)}.")
    for key, text in (
        ("redirect_uri", auth["redirect_uri"]),
        ("server_metadata_url", values["server_metadata_url"]),
    ):
        parts = urlsplit(text)
        if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.netloc)):
            raise Wrong(f"{key} in the secrets must begin with https:// (http:// only on this machine).")
    if not auth["redirect_uri"].endswith("/oauth2callback"):
        raise Wrong("redirect_uri in the secrets must end with /oauth2callback.")
    if not is_authlib_installed():
        raise Wrong("The package Authlib is missing or too old; see requirements.txt.")
    _warn_of_open_files()
    return provider


def _warn_of_open_files() -> None:
    for name in config.get_option("secrets.files") or ():
        path = Path(str(name))
        if path.is_file() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO) and os.name == "posix":
            _say(f"Staff area: {path} can be read by other users of this machine; chmod 600 it.")


def _tell_address(token: str) -> None:
    address = str(config.get_option("server.address"))
    host = f"[{address}]" if ":" in address else address
    path = str(config.get_option("server.baseUrlPath") or "").strip("/")
    place = f"http://{host}:{config.get_option('server.port')}{'/' + path if path else ''}"
    _say(
        "Staff area: open for this machine. This address signs you in as administrator; it works once:\n"
        f"  {place}{PATH}?token={token}"
    )


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()
