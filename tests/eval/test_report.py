"""Reports: complete, escaped, and silent about the test part."""

import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from eval.items import load
from eval.report import files, terminal
from eval.report.content import report_on
from eval.report.markdown import markdown
from eval.report.page import page
from eval.runs import Run
from rag.domain import Answer, Failure
from tests.eval.subjects import answer_with, cited, citing, finished, item, questions, refusal
from tests.product import document

ATTACK = '<script>alert(1)</script>"><img src=x onerror=alert(2)> | [a](javascript:b) \u202e\x07`c`'


def attacked(root: Path) -> Run:
    """A run in which question, answer and message all hold an attack."""
    items = (item("ok", "¿Energía?"), item("bad", ATTACK), item("err", f"falla {ATTACK}"))

    def answer(text: str) -> Answer:
        if text.startswith("falla"):
            failure = Failure(ATTACK, ATTACK)
            return replace(answer_with(text=ATTACK), status="error", error=failure)
        return citing("2.5") if text == "¿Energía?" else replace(citing("1.1"), text=ATTACK)

    return finished(root, items, answer)


def test_nothing_that_was_asked_or_answered_is_markup_in_the_page(tmp_path: Path) -> None:
    run = attacked(tmp_path)
    html = page(report_on(run), run.reference())
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "\u202e" not in html
    assert "\\u202e" in html


def test_the_page_loads_nothing(tmp_path: Path) -> None:
    run = attacked(tmp_path)
    html = page(report_on(run), run.reference())
    assert "default-src 'none'" in unescape(html)
    assert re.findall(r"<(?:link|script|img|iframe|object|base)\b", html) == []
    assert re.findall(r"\b(?:src|href)=|url\(|@import|https?://", re.sub(r"&lt;.*", "", html)) == []


def test_attacks_are_text_in_markdown(tmp_path: Path) -> None:
    written = markdown(report_on(attacked(tmp_path)))
    assert "\\<script\\>" in written
    assert re.search(r"(?<!\\)[<`]", written) is None
    assert re.search(r"(?<!\\)\]\(", written) is None


def test_attacks_do_not_steer_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal.show(report_on(attacked(tmp_path)))
    printed = capsys.readouterr().out
    assert all(c.isprintable() or c == "\n" for c in printed)
    assert "bad" in printed


def test_every_form_names_the_failing_cases_of_the_dev_part(tmp_path: Path) -> None:
    run = finished(tmp_path, questions(2), lambda text: citing("1.1"))
    for path in files.write(run, report_on(run)):
        text = path.read_text(encoding="utf-8")
        assert "¿Pregunta 1?" in text
        assert document().section_by_id["1.1"].sentences[0].text[:60] in text


def test_no_form_shows_a_question_of_the_test_part(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = finished(tmp_path, questions(2, split="test"), lambda text: citing("1.1"))
    report = report_on(run)
    terminal.show(report)
    written = [path.read_text(encoding="utf-8") for path in files.write(run, report)]
    for text in (*written, capsys.readouterr().out):
        assert "Pregunta" not in text
    assert report.hidden == 2
    assert report.cases == ()


def test_revealing_shows_them(tmp_path: Path) -> None:
    run = finished(tmp_path, questions(2, split="test"), lambda text: citing("1.1"))
    assert [case.key for case in report_on(run, reveal=True).cases] == ["q0", "q1"]


def test_the_json_holds_what_the_run_was_made_with(tmp_path: Path) -> None:
    run = finished(tmp_path, questions(1), lambda text: citing("2.5"))
    written = json.loads((files.write(run, report_on(run))[1]).read_text(encoding="utf-8"))
    made = written["run"]["conditions"]
    assert made["document"] == document().sha256
    assert {"model", "commit", "code", "index", "dataset", "selection", "settings"} <= made.keys()
    assert written["summary"]["figures"]["right"]["value"] == 1.0


def test_stated_confidence_is_drawn(tmp_path: Path) -> None:
    run = finished(tmp_path, questions(4), lambda text: citing("2.5"))
    lines = [json.loads(line) for line in run.results_path.read_text("utf-8").splitlines()]
    for number, line in enumerate(lines):
        line["answer"]["confidence"] = number / 4
    run.results_path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")
    assert "<polyline" in page(report_on(run), run.reference())


@pytest.mark.parametrize("answer", [refusal(), answer_with(), answer_with(text="sin citas")])
def test_a_run_without_any_citation_can_be_reported(tmp_path: Path, answer: Answer) -> None:
    run = finished(tmp_path, questions(1), lambda text: answer)
    assert "<svg" in page(report_on(run), run.reference())


def test_the_whole_dataset_can_be_shown_escaped(tmp_path: Path) -> None:
    items = [one for one in load() if one.group == "attack"]
    quote = cited(document().section_by_id["1.1"])
    run = finished(tmp_path, items, lambda text: answer_with(quote, text=text[:5000]))
    for path in files.write(run, report_on(run, reveal=True)):
        path.read_text(encoding="utf-8")
