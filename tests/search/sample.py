"""The product on a sample of what an index learns from: an index takes seconds, not a minute.

As a program: `python -m tests.search.sample index --rebuild`.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

import pytest

from rag.__main__ import main
from rag.corpus import analytical_index, questions
from rag.corpus.analytical_index import AnalyticalIndex
from rag.domain import Document

STEP: Final = 40
"""Every fortieth question is enough to tell the topics of the tests apart."""

TERM_STEP: Final = 5

PROGRAM: Final = (sys.executable, "-m", "tests.search.sample")


_load, _silence, _structure = analytical_index.load, questions.silence, questions.structure


def _entries(document: Document) -> AnalyticalIndex:
    whole = _load(document)
    return replace(whole, terms=whole.terms[::TERM_STEP], questions=whole.questions[::STEP])


@contextmanager
def sampled() -> Iterator[None]:
    """What is built meanwhile has learned from the sample; within another one, from the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(analytical_index, "load", _entries)
        patch.setattr(questions, "silence", lambda: _silence()[::STEP])
        patch.setattr(questions, "structure", lambda: _structure()[::STEP])
        yield


if __name__ == "__main__":
    with sampled():
        main()
