"""`make bench`: what the product costs on this machine, from one run."""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from rag import batch, contract, settings
from rag.assistant import Assistant, open_assistant
from rag.corpus import document as documents

ROOT = Path(__file__).parent.parent
DATASET = ROOT / "eval" / "dataset"

COLD_RUNS = 7
QUESTIONS = 200
WARM_UP = 40
COLD_QUESTION = "¿Qué propone sobre el BeiDou?"

Row = tuple[str, str, str]
"""What was measured, the reading, the aim."""


def main() -> None:
    """Measure and print the table."""
    with tempfile.TemporaryDirectory(prefix="cinco-bench-") as folder:
        os.environ["CINCO_DATA_DIR"] = folder
        print(
            f"Python {platform.python_version()}, chromadb {version('chromadb')}, "
            f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
        )
        _print_rows(list(_rows(Path(folder))))


def _rows(folder: Path) -> Iterator[Row]:
    build = _seconds(["-m", "rag", "index"])
    yield "index build, whole process", f"{build:.1f} s", ""
    yield from _cold_rows()
    questions = _questions(QUESTIONS + WARM_UP)
    yield from _warm_rows(questions)
    peak = _peak_megabytes(questions[:QUESTIONS], folder / "questions.jsonl")
    yield f"peak memory, batch of {QUESTIONS}", f"{peak:.0f} MB", ""


def _cold_rows() -> Iterator[Row]:
    """Runs that alternate, so that a busy moment hits both alike."""
    commands = (["-m", "rag", "ask", COLD_QUESTION], ["-c", "import chromadb"])
    for command in commands:
        _seconds(command)
    runs = [[_seconds(command) for command in commands] for _ in range(COLD_RUNS)]
    ask, chroma = (statistics.median(column) for column in zip(*runs, strict=True))
    yield "cold `cinco ask`, median", f"{ask:.2f} s", ""
    yield "`import chromadb`, median", f"{chroma:.2f} s", ""
    yield "cold `cinco ask` / `import chromadb`", f"{ask / chroma:.2f}", "≤ 1.6"


def _warm_rows(questions: Sequence[str]) -> Iterator[Row]:
    assistant = open_assistant(settings.load())
    for question in questions[QUESTIONS:]:
        _milliseconds(question, assistant)
    times = sorted(_milliseconds(question, assistant) for question in questions[:QUESTIONS])
    yield "per question, p50", f"{_quantile(times, 0.5):.1f} ms", "≤ 6 ms"
    yield "per question, p95", f"{_quantile(times, 0.95):.1f} ms", "≤ 15 ms"


def _milliseconds(question: str, assistant: Assistant) -> float:
    """From the line of a batch to the line of its answer."""
    started = time.perf_counter()
    for answer in batch.answers([_line(question)], assistant):
        contract.dumps(answer)
    return 1000 * (time.perf_counter() - started)


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _seconds(arguments: Sequence[str]) -> float:
    """How long a new interpreter takes, from start to end."""
    started = time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, check=True)
    return time.perf_counter() - started


def _peak_megabytes(questions: Sequence[str], file: Path) -> float:
    file.write_bytes(b"".join(map(_line, questions)))
    process = subprocess.Popen(
        [sys.executable, "-m", "rag", "ask", "--jsonl", str(file)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    unit = 1 if sys.platform == "darwin" else 1024
    return usage.ru_maxrss * unit / 1e6


def _line(question: str) -> bytes:
    return json.dumps({"question": question}).encode() + b"\n"


def _questions(count: int) -> list[str]:
    """Questions of the dataset's dev part, spread over all its files; else of the document."""
    found = [
        item["question"]
        for file in sorted(DATASET.glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").split("\n")
        if line.strip() and (item := json.loads(line)).get("split") == "dev" and "question" in item
    ]
    found = found or list(_questions_of_the_document())
    return [found[position * len(found) // count] for position in range(count)]


def _questions_of_the_document() -> Iterator[str]:
    for sentence in documents.load().sentences:
        words = sentence.text.split()
        for start in range(0, max(1, len(words) - 6), 6):
            yield f"¿Qué dice de {' '.join(words[start : start + 6])}?"


def _print_rows(rows: Sequence[Row]) -> None:
    table = [("", "reading", "aim"), *rows]
    widths = [max(len(row[column]) for row in table) for column in range(3)]
    for row in table:
        name, reading, aim = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print(f"{name}  {reading}  {aim}".rstrip())


if __name__ == "__main__":
    main()
