"""Two selectboxes and a text. Base for what a filter change costs the server."""

import streamlit as st

first = st.selectbox("First", [f"place {number}" for number in range(50)])
second = st.selectbox("Second", [str(year) for year in range(2005, 2025)])
st.markdown(f"Chosen: {first}, {second}")
