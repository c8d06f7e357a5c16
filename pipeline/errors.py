"""The failures the pipeline can explain. Each says what is wrong and what to do about it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class PipelineError(Exception):
    """Something the person at the keyboard can put right; the text is one or more plain sentences."""


class SettingsError(PipelineError):
    """An environment variable holds something that cannot be used."""


class CatalogueError(PipelineError):
    """An entry of a registry file is wrong or contradicts another one."""


class InputError(PipelineError):
    """A file of figures or reference data is missing, misshapen or contradicts the registry."""


class ModelError(PipelineError):
    """A SQL model has no usable header, cannot be ordered, or fails."""


class CheckFailure(PipelineError):
    """A check of severity error found offending rows, so nothing was published."""


class EngineError(PipelineError):
    """The database engine refused a statement or a file."""


class PublishError(PipelineError):
    """A build cannot be published, undone or read."""


def nearest(word: str, known: Iterable[str]) -> str:
    """` (did you mean 'x'?)` for the closest known word, or nothing when none is close."""
    close = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f" (did you mean '{close[0]}'?)" if close else ""
