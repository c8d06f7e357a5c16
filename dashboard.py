"""The Mission Cities Dashboard: ``streamlit run dashboard.py``.

This file starts the server side once: the blank map is served from here with a long cache life, so that it
is not sent again on each click, and errors of a page turn into words. What a visitor sees is in ``pages``.
"""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pages.charts import basemap
from pages.parts import frame, session, states, tables  # noqa: F401  imported now, so that no visitor waits for it


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
    """Once everything is imported, take it out of the garbage collector's rounds."""
    gc.collect()
    gc.freeze()
    yield {}


app = st.App(
    "pages/shell.py",
    routes=[Route(basemap.ROUTE + "{name}", send_basemap)],
    lifespan=lifespan,
    on_script_error=states.failed,
)

if __name__ == "__main__":
    app.run()
