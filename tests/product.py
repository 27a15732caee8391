"""The product as the tests use it: made once per process, its index once per test session."""

import gc
import io
import json
import subprocess
import sys
from collections.abc import Iterable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rag import batch, contract, settings
from rag.__main__ import main
from rag.assistant import Assistant, open_assistant
from rag.corpus import document as documents
from rag.domain import Document

ROOT = Path(__file__).parent.parent

COMMAND = (sys.executable, "-m", "rag")
"""The `cinco` program."""

Line = dict[str, Any]
"""A JSON object of the machine contract, as another program reads it."""


@cache
def document() -> Document:
    """The policy paper."""
    return documents.load()


@cache
def assistant() -> Assistant:
    """The assistant over the policy paper, in the session's data folder."""
    return open_assistant(settings.load())


def ask_lines(*lines: Line | str | bytes) -> list[Line]:
    """What the batch answers to the lines, through JSON and back."""
    encoded = (_encoded(line) for line in lines)
    return [json.loads(contract.dumps(result)) for result in batch.answers(encoded, assistant())]


def ask_line(line: Line | str | bytes) -> Line:
    """What the batch answers to one line."""
    (answer,) = ask_lines(line)
    return answer


def _encoded(line: Line | str | bytes) -> bytes:
    if isinstance(line, bytes):
        return line
    return (line if isinstance(line, str) else json.dumps(line)).encode() + b"\n"


def cinco(*arguments: str | bytes, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """A finished run of the real program."""
    return subprocess.run(
        [*COMMAND, *arguments], input=stdin, capture_output=True, cwd=ROOT, check=False, timeout=110
    )


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run of the program inside this process."""

    returncode: int
    stdout: bytes
    stderr: bytes


def cinco_here(*arguments: str, stdin: bytes = b"") -> Run:
    """The same as `cinco` without a process of its own, which takes a second to start."""
    streams = [io.TextIOWrapper(io.BytesIO(), write_through=True) for _ in range(2)]
    before = sys.stdin
    sys.stdin = io.TextIOWrapper(io.BytesIO(stdin))
    try:
        with redirect_stdout(streams[0]), redirect_stderr(streams[1]):
            main(arguments)
    except SystemExit as ending:
        return Run(int(ending.code or 0), *(_written(stream) for stream in streams))
    finally:
        sys.stdin = before
        # A program's first objects live as long as its process; here they would never go.
        gc.unfreeze()
        gc.enable()


def _written(stream: io.TextIOWrapper) -> bytes:
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue()


def parsed(output: bytes) -> list[Line]:
    """The JSON object of every line."""
    return [json.loads(line) for line in output.splitlines()]


def strings(value: object) -> Iterable[str]:
    """Every string inside a JSON value, keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)
