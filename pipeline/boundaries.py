"""Finer boundaries of Lithuania and of Europe's NUTS 3 regions: never shipped, used when fetched.

Source: GISCO, the geographic service of the European Commission, © EuroGeographics for the administrative
boundaries. Its terms do not allow shipping the files, so ``python -m pipeline fetch boundaries`` gets them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.errors import InputError
from pipeline.settings import Settings

FOLDER = "boundaries"
GISCO = "https://gisco-services.ec.europa.eu/distribution/v2"
FILES: Mapping[str, str] = {
    "nuts3.geojson": f"{GISCO}/nuts/geojson/NUTS_RG_10M_2024_4326_LEVL_3.geojson",
    "lau.geojson": f"{GISCO}/lau/geojson/LAU_RG_01M_2023_4326.geojson",
}
CREDIT = "© EuroGeographics for the administrative boundaries"


def available(settings: Settings) -> dict[str, Path]:
    """Name without ending -> file, for the boundary files that were fetched."""
    folder = settings.cache_dir / FOLDER
    return {Path(name).stem: folder / name for name in FILES if (folder / name).is_file()}


def features(settings: Settings, name: str, country_iso2: str) -> list[dict[str, Any]]:
    """GeoJSON features of one country from a fetched file; none where it was not fetched."""
    path = available(settings).get(name)
    if path is None:
        return []
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        found: list[dict[str, Any]] = document["features"]
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path.name} is no GeoJSON ({error}). Fetch it again.") from error
    return [item for item in found if item.get("properties", {}).get("CNTR_CODE") == country_iso2]
