"""What the published build changed against the one readers saw before."""

from __future__ import annotations

from pipeline import publish
from pipeline.changes import Changes, changes
from pipeline.engine import Reader, open_reader
from pipeline.errors import PipelineError
from pipeline.publish import Build
from pipeline.settings import Settings


def since_previous(settings: Settings, build: Build, reader: Reader) -> Changes:
    """The changes; none to compare when this is the first build or the one before is gone."""
    before = next(
        (item for item in publish.builds(settings) if item.build_id == build.previous_build_id), None
    )
    if before is None:
        return Changes(has_previous=False)
    try:
        with open_reader(before.path, settings.memory_limit, settings.reader_threads) as old:
            return changes(old, reader)
    except PipelineError:
        return Changes(has_previous=False)
