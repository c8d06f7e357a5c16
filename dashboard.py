"""The Mission Cities Dashboard: ``streamlit run dashboard.py``.

This file starts the server side once: a guard stands before everything, the blank map is served from here
with a long cache life, so that it is not sent again on each click, and errors of a page turn into words. What
a visitor sees is in ``pages``.
"""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from streamlit import config

from pages import access, shell  # noqa: F401  imported now, so that no visitor waits for it
from pages.charts import basemap
from pages.guard import Guard, Rules
from pages.parts import frame, session, states, tables  # noqa: F401  imported now, so that no visitor waits for it
from pipeline.settings import load_settings
from pipeline.uploads import recover


async def send_basemap(request: Request) -> Response:
    """The country outlines as GeoJSON. The name carries their hash, so a browser may keep them for a year."""
    body = basemap.served(session.settings().reference_dir, request.path_params["name"])
    if body is None:
        return Response("No such map.", status_code=404)
    return Response(
        body,
        media_type="application/geo+json",
        headers={"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"},
    )


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[dict[str, Any]]:
    """Decide how staff sign in and put right what was cut off. Then, with everything imported, take it out of
    the garbage collector's rounds."""
    access.start(load_settings())
    recover.at_start(load_settings())
    gc.collect()
    gc.freeze()
    yield {}


def rules() -> Rules:
    """What the guard holds visitors to; asked once the configuration is read."""
    return Rules(
        settings=load_settings(),
        hosts=tuple(config.get_option("server.allowedHosts") or ()),
        base="/" + path if (path := str(config.get_option("server.baseUrlPath") or "").strip("/")) else "",
    )


app = st.App(
    "pages/start.py",
    middleware=[Middleware(Guard, rules=rules)],
    routes=[Route(basemap.ROUTE + "{name}", send_basemap)],
    lifespan=lifespan,
    on_script_error=states.failed,
)

if __name__ == "__main__":
    app.run()
