"""Signing in and out, and what the person may do here."""

from __future__ import annotations

from pages.parts import staff

staff.door()
