"""The process of a long step: python -m pipeline.uploads.child_build FOLDER, with the job on stdin."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from pipeline.build import Progress, build
from pipeline.uploads import jobs
from pipeline.uploads.preview import make_preview

#: Pages come first: a build may take a moment longer.
NICENESS = 5


def main(arguments: Sequence[str]) -> int:
    """Do the job; 0 when it was done. What went wrong stands in the progress file."""
    with suppress(OSError):
        os.nice(NICENESS)
    folder = Path(arguments[0])
    asked = json.loads(sys.stdin.buffer.read())
    settings, job = jobs.settings_from(asked["settings"]), asked["job"]

    def task(report: Progress) -> Mapping[str, str]:
        if job["kind"] == "preview":
            made = make_preview(
                settings,
                job["upload_id"],
                keep_earlier=job["keep_earlier"],
                person_id=job["person"],
                progress=report,
            )
            return {"build": made.build_id}
        return {"build": build(settings, report, publish=False, uploads=job["uploads"]).build_id}

    return 0 if jobs.work(folder, task).state == jobs.DONE else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
