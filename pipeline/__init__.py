"""Figures to tables: the only part of the project that writes data."""
