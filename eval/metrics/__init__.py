"""Metrics: pure functions over what was expected, the answer as contract JSON, and the source text.

They import nothing of `rag.search` or `rag.answer`: the judged code does not judge itself.
"""
