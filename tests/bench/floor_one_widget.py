"""The least a Streamlit page can be: a radio and a text. Base for the first text of our pages."""

import streamlit as st

choice = st.radio("Choice", ["one", "two"])
st.markdown(f"Chosen: {choice}")
