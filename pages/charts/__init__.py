"""Rows in, figure out: no streamlit, no database."""
