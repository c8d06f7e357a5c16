"""Where the pipeline reads and writes, taken from the environment once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import SettingsError

PACKAGE = Path(__file__).resolve().parent

#: The word in MISSION_LEAVE_OUT that stands for every source whose licence verdict is amber.
AMBER = "amber"

#: Builds kept by `python -m pipeline list --prune`.
KEEP_BUILDS = 20


@dataclass(frozen=True, slots=True)
class Settings:
    """Every path and limit the pipeline uses; nothing else reads the environment."""

    data_dir: Path
    builds_dir: Path
    leave_out: frozenset[str] = frozenset()
    engine: str = "file"
    memory_limit: str = "2GB"
    reader_threads: int = 1
    sql_dir: Path = PACKAGE / "sql"
    catalogue_dir: Path = PACKAGE / "catalogue"
    uploads_dir: Path | None = None
    staff_dir: Path | None = None

    @property
    def store_dir(self) -> Path:
        """What staff brought: quarantine, drafts, accepted figures and the ledger; never committed."""
        return self.uploads_dir or self.data_dir / "uploads"

    @property
    def people_dir(self) -> Path:
        """Who may do what, and who signed in; never committed."""
        return self.staff_dir or self.data_dir / "staff"

    @property
    def figures_dir(self) -> Path:
        return self.data_dir / "figures"

    @property
    def reference_dir(self) -> Path:
        return self.data_dir / "reference"

    @property
    def sources_file(self) -> Path:
        return self.figures_dir / "sources.yml"

    @property
    def cache_dir(self) -> Path:
        """Official files got by `fetch`; never committed."""
        return self.data_dir / "cache"

    @property
    def fetched_dir(self) -> Path:
        """Figures that `fetch` prepared from official files, laid out as `figures_dir`."""
        return self.cache_dir / "figures"


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process; `environ` is the process's own environment unless given."""
    values = os.environ if environ is None else environ
    data_dir = Path(values.get("MISSION_DATA_DIR") or PACKAGE.parent / "data")
    engine = values.get("MISSION_ENGINE") or "file"
    if engine != "file":
        raise SettingsError(
            f"MISSION_ENGINE is '{engine}', but this version only knows 'file', a DuckDB file here. "
            "Unset MISSION_ENGINE or set it to 'file'."
        )
    return Settings(
        data_dir=data_dir,
        builds_dir=Path(values.get("MISSION_BUILDS_DIR") or data_dir / "builds"),
        leave_out=frozenset(
            part.strip() for part in values.get("MISSION_LEAVE_OUT", "").split(",") if part.strip()
        ),
        engine=engine,
        memory_limit=values.get("MISSION_MEMORY_LIMIT") or "2GB",
        reader_threads=_threads(values.get("MISSION_READER_THREADS")),
        uploads_dir=_folder(values.get("MISSION_UPLOADS_DIR")),
        staff_dir=_folder(values.get("MISSION_STAFF_DIR")),
    )


def _folder(text: str | None) -> Path | None:
    return Path(text) if text else None


def _threads(text: str | None) -> int:
    """One thread per query unless asked: with many viewers that is as fast and fairer (measured)."""
    if not text:
        return 1
    if not text.isdecimal() or int(text) < 1:
        raise SettingsError(f"MISSION_READER_THREADS is '{text}'; it must be a whole number of 1 or more.")
    return int(text)
