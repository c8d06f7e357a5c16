"""Settings come from the environment once and refuse what cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import SettingsError
from pipeline.settings import PACKAGE, load_settings


def test_defaults_are_beside_the_code() -> None:
    settings = load_settings({})
    assert settings.data_dir == PACKAGE.parent / "data"
    assert settings.builds_dir == settings.data_dir / "builds"
    assert settings.leave_out == frozenset()
    assert settings.reader_threads == 1


def test_environment_moves_data_and_builds() -> None:
    settings = load_settings({"MISSION_DATA_DIR": "/some/data", "MISSION_LEAVE_OUT": " amber, who ,"})
    assert settings.builds_dir == Path("/some/data/builds")
    assert settings.leave_out == {"amber", "who"}
    assert load_settings({"MISSION_BUILDS_DIR": "/b"}).builds_dir == Path("/b")


@pytest.mark.parametrize(
    ("name", "value"),
    [("MISSION_ENGINE", "postgres:"), ("MISSION_READER_THREADS", "0"), ("MISSION_READER_THREADS", "two")],
)
def test_unusable_value_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} is '{value}'"):
        load_settings({name: value})
