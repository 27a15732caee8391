"""What a cold `cinco ask` imports; each of these packages costs 40 ms to 2 s."""

import json
import os
import subprocess
import sys
from functools import cache
from typing import Any

import pytest

from tests.product import ROOT, assistant

HEAVY = (
    "docx",
    "grpc",
    "langchain",
    "langchain_core",
    "langsmith",
    "openai",
    "pandas",
    "pyarrow",
    "rich.markdown",
    "scipy",
    "sklearn",
    "sqlalchemy",
    "streamlit",
    "tiktoken",
    "wordfreq",
)
"""`rich.markdown` is what a terminal needs; Chroma's own imports bring the rest of rich."""

QUESTIONS = {
    "topic": ["ask", "¿Apoya la energía nuclear con fines pacíficos?"],
    "other language": ["ask", "Does it support peaceful nuclear energy?", "--json"],
    "structure": ["ask", "¿Cuántos programas hay?"],
    "absent": ["ask", "fotosíntesis de los helechos"],
    "batch": ["ask", "--jsonl", "-"],
    "search": ["search", "energía nuclear"],
}

REPORT = """
import gc, json, runpy, sys
try:
    runpy.run_module("rag", run_name="__main__", alter_sys=True)
except SystemExit as end:
    found = {"status": end.code, "modules": sorted(sys.modules), "left": len(gc.get_objects())}
    json.dump(found, sys.stderr)
"""


@cache
def report_on(question: str) -> dict[str, Any]:
    """What a process says of itself that answered, its index fresh."""
    assistant()
    path = os.pathsep.join([str(ROOT), os.environ["PYTHONPATH"]])
    run = subprocess.run(
        [sys.executable, "-c", REPORT, *QUESTIONS[question]],
        env={**os.environ, "PYTHONPATH": path},
        input='{"question": "energía nuclear", "history": ["becas"]}',
        capture_output=True,
        text=True,
        check=False,
    )
    report: dict[str, Any] = json.loads(run.stderr)
    assert (report["status"], bool(run.stdout)) == (0, True)
    return report


def imported(question: str) -> frozenset[str]:
    """The modules of that process."""
    return frozenset(report_on(question)["modules"])


@pytest.mark.parametrize("module", HEAVY)
@pytest.mark.parametrize("question", QUESTIONS)
def test_a_cold_question_does_not_import(question: str, module: str) -> None:
    loaded = imported(question)
    assert module not in loaded


def test_the_report_names_what_was_imported() -> None:
    assert {"chromadb", "rag.assistant"} <= imported("topic")


def test_nothing_is_left_for_a_search_for_cycles_when_a_command_ends() -> None:
    """That search would take a tenth of a cold answer."""
    assert report_on("topic")["left"] < 10_000
