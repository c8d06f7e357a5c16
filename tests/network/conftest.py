"""The bench of tests/sql: models on given rows; here for the merge of partnership rows."""

from __future__ import annotations

from tests.sql.conftest import bench

__all__ = ["bench"]
