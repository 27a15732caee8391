"""Streamlit pages and widgets; no retrieval, prompt or parsing logic."""
