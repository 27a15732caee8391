"""The machine contract, field by field, as another program meets it."""

import json
import os
import pty
import re
import subprocess
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.product import (
    COMMAND,
    ROOT,
    Line,
    ask_line,
    ask_lines,
    assistant,
    cinco,
    cinco_here,
    document,
    parsed,
    strings,
)
from tests.search.folders import published, write_short_source
from tests.search.sample import sampled

EXAMPLES = {
    "¿Qué propone sobre el BeiDou?": "2.10",
    "¿Apoya la energía nuclear con fines pacíficos?": "2.5",
    "tratados de extradición": "4.3",
    "becas para estudiar en China": "3.3",
    "Institutos Confucio": "3.3",
    "fondo de cooperación en capacidad productiva": "2.4",
    "¿Qué dice de la Antártida?": "2.11",
    "Operador Económico Autorizado": "2.12",
    "¿Qué foro hay sobre reducción de la pobreza?": "5.2",
    "principio de una sola China": "1.2",
    "vuelos directos y turismo": "5.5",
    "¿Cuándo se publicó el primer documento?": "II",
    "reforma del FMI": "1.7",
    "coproducir series de televisión": "3.5",
    "desarrollo global IDG": "2.1",
}
BEIDOU = "¿Qué propone sobre el BeiDou?"
UNKNOWN = "zxqwvkj"
"""What no document has."""

Check = Callable[[Any], bool]


def one_of(*values: object) -> Check:
    return lambda value: value in values and type(value) in {type(known) for known in values}


def a(*types: type) -> Check:
    """Exactly of one of the types: a truth value is no number."""
    return lambda value: type(value) in types


def list_of(check: Check) -> Check:
    return lambda value: isinstance(value, list) and all(map(check, value))


def record(fields: dict[str, Check]) -> Check:
    """An object with at least the fields; the contract allows further ones."""
    return lambda value: isinstance(value, dict) and not wrong_fields(value, fields)


def wrong_fields(value: Line, fields: dict[str, Check]) -> dict[str, object]:
    """The fields that are missing or of another shape, with what stands there."""
    return {
        name: value.get(name, "missing")
        for name, check in fields.items()
        if name not in value or not check(value[name])
    }


def a_section(value: object) -> bool:
    return value in document().section_by_id


def a_sentence(value: object) -> bool:
    return value in document().sentence_by_id


NULL = type(None)
CITATION: dict[str, Check] = {
    "section": a_section,
    "programme": one_of(None, 1, 2, 3, 4, 5),
    "programme_title": a(str, NULL),
    "title": a(str),
    "breadcrumb": a(str),
    "restored": a(bool),
    "programme_restored": a(bool),
    "sentence": a_sentence,
    "paragraph": a(int),
    "quote": a(str),
    "start": a(int),
    "end": a(int),
    "verdict": one_of("verified", "moved", "stitched", "not_found"),
    "claimed_section": a(str, NULL),
}
SENTENCE: dict[str, Check] = {
    "text": a(str),
    "verdict": one_of("supported", "unsupported", "uncited", "frame"),
    "citations": list_of(a_sentence),
    "aligned": a(bool),
}
TIMINGS = dict.fromkeys(("understand", "retrieve", "answer", "verify", "total"), a(float, int))
ANSWER: dict[str, Check] = {
    "id": a(str, int, NULL),
    "status": one_of("answered", "not_in_document", "rejected", "error"),
    "reason": one_of(
        *(None, "absent_topic", "absent_detail", "false_premise", "other_document"),
        *("out_of_domain", "greeting"),
    ),
    "language": one_of("es", "en", "pt", "zh"),
    "answer": a(str),
    "citations": list_of(record(CITATION)),
    "sentences": list_of(record(SENTENCE)),
    "nearest": list_of(a_section),
    "retrieved": list_of(a_section),
    "rejected_citations": a(list),
    "checked_terms": list_of(a(str)),
    "understood_as": a(str, NULL),
    "mode": one_of("extractive", "model"),
    "model": a(str, NULL),
    "prompt": a(str, NULL),
    "fallback": lambda value: value is None,
    "document": lambda value: value == document().sha256,
    "index": lambda value: value == assistant().index_fingerprint,
    "timings_ms": record(TIMINGS),
    "tokens": a(int, NULL),
    "warnings": list_of(a(str)),
}
FAILURE: dict[str, Check] = {"problem": a(str), "remedy": a(str)}

QUESTIONS = {
    "answered": BEIDOU,
    "not in the document": UNKNOWN,
    "rejected question": "¿?",
    "rejected line": "no es JSON",
}


@cache
def answers() -> dict[str, Line]:
    """An output line of every kind."""
    lines: list[Line | str] = [{"id": name, "question": text} for name, text in QUESTIONS.items()]
    lines[-1] = QUESTIONS["rejected line"]
    return dict(zip(QUESTIONS, ask_lines(*lines), strict=True))


@cache
def example(question: str) -> Line:
    return ask_line({"id": "q", "question": question})


class TestBatchLine:
    @pytest.mark.parametrize("kind", QUESTIONS)
    def test_has_every_field_in_its_shape(self, kind: str) -> None:
        assert wrong_fields(answers()[kind], ANSWER) == {}

    def test_of_the_contract_example_cites_what_the_contract_shows(self) -> None:
        citations = example("energía hidráulica, solar y eólica")["citations"]
        expected = {
            "section": "2.5",
            "programme": 2,
            "programme_title": "Programa del desarrollo",
            "title": "Cooperación en energías y recursos",
            "breadcrumb": "Programa del desarrollo › (5) Cooperación en energías y recursos",
            "restored": False,
            "programme_restored": True,
            "sentence": "2.5:3",
            "paragraph": 1,
            "quote": "Fortalecer la cooperación en energías limpias como la energía hidráulica, "
            "la solar, la eólica y la de hidrógeno.",
            "start": 20687,
            "end": 20799,
            "verdict": "verified",
            "claimed_section": None,
        }
        assert citations[0] == expected

    def test_of_a_front_part_has_no_programme(self) -> None:
        citation = example("¿Cuándo se publicó el primer documento?")["citations"][0]
        fields = ("programme", "programme_title", "restored", "programme_restored")
        assert [citation[field] for field in fields] == [None, None, True, False]

    def test_that_answers_has_no_reason(self) -> None:
        line = answers()["answered"]
        assert (line["status"], line["reason"], line["nearest"]) == ("answered", None, [])

    def test_that_answers_ranks_at_least_five_sections(self) -> None:
        retrieved = answers()["answered"]["retrieved"]
        assert len(set(retrieved)) == len(retrieved) >= 5

    def test_that_does_not_answer_says_why_and_what_is_nearest(self) -> None:
        line = answers()["not in the document"]
        shown = line["status"], line["reason"] is not None, 1 <= len(line["nearest"]) <= 3
        assert shown == ("not_in_document", True, True)

    def test_that_does_not_answer_names_the_words_looked_for_in_vain(self) -> None:
        assert UNKNOWN in answers()["not in the document"]["checked_terms"]

    @pytest.mark.parametrize("kind", ["rejected question", "rejected line"])
    def test_that_is_rejected_states_problem_and_remedy(self, kind: str) -> None:
        line = answers()[kind]
        assert (line["status"], wrong_fields(line["error"], FAILURE)) == ("rejected", {})

    @pytest.mark.parametrize(("kind", "number"), [("rejected question", 3), ("rejected line", 4)])
    def test_that_is_rejected_has_its_line_number(self, kind: str, number: int) -> None:
        assert answers()[kind]["line"] == number

    def test_that_is_rejected_cites_nothing(self) -> None:
        line = answers()["rejected question"]
        assert [line[field] for field in ("citations", "sentences", "retrieved")] == [[], [], []]

    def test_in_the_default_mode_names_no_model(self) -> None:
        line = answers()["answered"]
        assert [line[field] for field in ("mode", "model", "prompt", "tokens", "fallback")] == [
            *("extractive", None, None, None, None)
        ]

    @pytest.mark.parametrize("question_id", ["q1", "", "ñ 中 \u202e", 0, -5, 10**30, None])
    def test_carries_the_id_of_its_question(self, question_id: str | int | None) -> None:
        assert ask_line({"id": question_id, "question": BEIDOU})["id"] == question_id

    def test_without_an_id_has_a_null_id(self) -> None:
        assert ask_line({"question": BEIDOU})["id"] is None

    def test_ignores_fields_that_it_does_not_know(self) -> None:
        assert ask_line({"question": BEIDOU, "comment": 5})["status"] == "answered"

    @pytest.mark.parametrize("language", ["es", "en", "pt", "zh"])
    def test_answers_in_the_language_that_is_asked_for(self, language: str) -> None:
        assert ask_line({"question": BEIDOU, "lang": language})["language"] == language

    def test_keeps_to_the_programme_that_is_asked_for(self) -> None:
        line = ask_line({"question": "cooperación con China", "programme": 4})
        assert {citation["programme"] for citation in line["citations"]} == {4}

    def test_takes_a_history(self) -> None:
        line = ask_line({"question": BEIDOU, "history": ["¿Qué dice del espacio?", "¿Y la Luna?"]})
        assert line["citations"][0]["section"] == "2.10"

    def test_is_the_same_line_for_the_same_question(self) -> None:
        first, second = ask_lines({"question": BEIDOU}, {"question": BEIDOU})
        del first["timings_ms"], second["timings_ms"]
        assert first == second


@pytest.mark.parametrize(("question", "section"), EXAMPLES.items(), ids=EXAMPLES.values())
class TestExamples:
    def test_the_first_citation_is_of_the_right_section(self, question: str, section: str) -> None:
        assert [c["section"] for c in example(question)["citations"]][:1] == [section]

    def test_every_quote_equals_the_source_at_its_offsets(
        self, question: str, section: str
    ) -> None:
        citations = example(question)["citations"]
        shown = [document().source[c["start"] : c["end"]] for c in citations]
        assert shown == [c["quote"] for c in citations]

    def test_every_citation_is_verified(self, question: str, section: str) -> None:
        assert {c["verdict"] for c in example(question)["citations"]} == {"verified"}


REJECTED: dict[str, bytes] = {
    "not JSON": b"hola",
    "half an object": b'{"question": "BeiDou"',
    "a list": b'["BeiDou"]',
    "a text": b'"BeiDou"',
    "null": b"null",
    "no question": b'{"id": "x"}',
    "question null": b'{"question": null}',
    "question a number": b'{"question": 7}',
    "question a list": b'{"question": ["BeiDou"]}',
    "id a list": b'{"id": [], "question": "BeiDou"}',
    "id a fraction": b'{"id": 1.5, "question": "BeiDou"}',
    "id a truth value": b'{"id": true, "question": "BeiDou"}',
    "history a text": b'{"question": "BeiDou", "history": "BeiDou"}',
    "history of numbers": b'{"question": "BeiDou", "history": [1]}',
    "programme a text": b'{"question": "BeiDou", "programme": "2"}',
    "programme unknown": b'{"question": "BeiDou", "programme": 6}',
    "programme zero": b'{"question": "BeiDou", "programme": 0}',
    "programme negative": b'{"question": "BeiDou", "programme": -1}',
    "programme of 5,000 digits": b'{"question": "BeiDou", "programme": %s}' % (b"9" * 5000),
    "language unknown": b'{"question": "BeiDou", "lang": "fr"}',
    "empty question": b'{"question": ""}',
    "blank question": b'{"question": " \\t\\n\\u00a0"}',
    "only punctuation": '{"question": "¿?¡! … «» _-_"}'.encode(),
    "only emoji": '{"question": "😀👍🏽 🇨🇳"}'.encode(),
    "only control characters": b'{"question": "\\u0000\\u0007\\u202e\\u200f"}',
    "too long": b'{"question": "%s"}' % (b"BeiDou " * 600),
    "not UTF-8": '{"question": "Antártida"}'.encode("latin-1"),
    "UTF-16": '{"question": "BeiDou"}'.encode("utf-16"),
    "nested too deeply": b"[" * 100_000,
    "lone surrogate": b'{"question": "\\ud800"}',
    "NaN": b'{"question": NaN}',
}


@pytest.mark.parametrize("line", REJECTED.values(), ids=REJECTED.keys())
class TestRejectedLine:
    def test_gets_an_output_line_with_status_rejected(self, line: bytes) -> None:
        assert ask_line(line)["status"] == "rejected"

    def test_has_every_field_in_its_shape(self, line: bytes) -> None:
        assert wrong_fields(ask_line(line), ANSWER | {"error": record(FAILURE)}) == {}

    def test_leaves_the_next_line_unharmed(self, line: bytes) -> None:
        _, following = ask_lines(line + b"\n", {"question": BEIDOU})
        assert following["status"] == "answered"


def test_a_rejected_line_keeps_its_id_where_it_has_one() -> None:
    assert ask_line('{"id": "q7", "question": 5}')["id"] == "q7"


def test_the_problem_names_the_field_that_is_wrong() -> None:
    problem = ask_line('{"question": "BeiDou", "history": [1]}')["error"]["problem"]
    assert "«history» debe ser una lista de textos" in problem


def test_a_question_of_exactly_4000_characters_is_answered() -> None:
    assert ask_line({"question": "BeiDou " * 571 + "abc"})["status"] == "answered"


def test_blank_lines_give_no_output_and_order_is_kept() -> None:
    lines = ask_lines(
        b"\n", b'{"id": 1, "question": "BeiDou"}\n', b"  \r\n", b'{"id": 2, "question": "?"}'
    )
    assert [(line["id"], line.get("line")) for line in lines] == [(1, None), (2, 4)]


def test_a_byte_order_mark_before_the_first_line_is_accepted() -> None:
    assert ask_line(b'\xef\xbb\xbf{"question": "BeiDou"}')["status"] == "answered"


HOSTILE = {
    "NUL": "Bei\x00Dou",
    "control characters": "\x07BeiDou\x1b[31m",
    "C1 control characters": "BeiDou\x9b31m",
    "right-to-left override": "\u202eBeiDou\u202c",
    "right-to-left marks": "BeiDou\u200f\u061c",
    "isolates": "\u2066BeiDou\u2069",
    "zero-width characters": "Bei\u200bDou\ufeff",
    "line separators": "BeiDou\u2028\u2029",
    "private use": "BeiDou \ue000",
    "Markdown": "BeiDou **x** [y](http://z) <script>alert(1)</script> $z$ :red[z]",
    "unknown with controls": "Paella\u202e zxqwv\x00kjh \x1b[2J",
    "unknown with Markdown": "zxqwv:red[kjh] <b>paella</b>",
    "combining marks": "BeiDou" + "\u0301" * 200,
}


@pytest.mark.parametrize("question", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_question_is_cleaned(question: str) -> None:
    assert harmful(ask_line({"question": question})) == set()


@settings(max_examples=40)
@given(st.text(min_size=1))
def test_no_question_makes_a_harmful_line(question: str) -> None:
    assert harmful(ask_line({"question": question})) == set()


def harmful(line: Line) -> set[str]:
    """Characters in the output that steer a terminal or a reader's eye, line ends left out."""
    return {
        character
        for text in strings(line)
        for character in text
        if (
            unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} - {"\n"}
            and character != "\n"
        )
        or unicodedata.bidirectional(character) in {"RLO", "LRO", "RLE", "LRE", "PDF", "RLI", "LRI"}
        or character in "\u200b\u200e\u200f\u061c\ufeff"
    }


class TestProgram:
    """The `cinco` program; in a process of its own where only that shows the matter."""

    def test_a_batch_from_stdin_gives_one_line_each_and_status_1_for_a_rejected_one(self) -> None:
        lines = [{"id": n, "question": q} for n, q in enumerate(("BeiDou", "?", UNKNOWN))]
        run = cinco("ask", "--jsonl", "-", stdin="\n".join(map(json.dumps, lines)).encode())
        shown = [(line["id"], line["status"]) for line in parsed(run.stdout)]
        assert (run.returncode, shown) == (
            1,
            [(0, "answered"), (1, "rejected"), (2, "not_in_document")],
        )

    def test_a_batch_file_of_good_lines_ends_with_status_0(self, tmp_path: Path) -> None:
        path = tmp_path / "lote.jsonl"
        path.write_text(f'{{"question": "BeiDou"}}\n\n{{"question": "{UNKNOWN}"}}\n')
        run = cinco_here("ask", "--jsonl", str(path))
        assert (run.returncode, len(parsed(run.stdout)), run.stderr) == (0, 2, b"")

    def test_each_answer_is_written_before_the_next_question_is_read(self) -> None:
        with subprocess.Popen(
            [*COMMAND, "ask", "--jsonl", "-"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env={name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"},
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            ids = []
            for number in (1, 2):
                process.stdin.write(b'{"id": %d, "question": "BeiDou"}\n' % number)
                process.stdin.flush()
                ids.append(json.loads(process.stdout.readline())["id"])
            process.stdin.close()
        assert (ids, process.returncode) == ([1, 2], 0)

    def test_a_batch_shows_its_progress_on_a_terminal(self) -> None:
        ours, theirs = pty.openpty()
        with os.fdopen(ours, "rb", buffering=0) as screen:
            subprocess.run(
                [*COMMAND, "ask", "--jsonl", "-"],
                input=b'{"question": "BeiDou"}\n',
                stdout=subprocess.DEVNULL,
                stderr=theirs,
                cwd=ROOT,
                check=True,
            )
            os.close(theirs)
            assert b"1 preguntas" in screen.read(4096)

    def test_one_question_is_answered_as_one_json_object(self) -> None:
        run = cinco("ask", BEIDOU, "--json", "--lang", "en", "--programme", "2")
        line = json.loads(run.stdout)
        shown = wrong_fields(line, ANSWER), line["language"], line["citations"][0]["section"]
        assert (run.returncode, shown) == (0, ({}, "en", "2.10"))

    def test_the_printed_answer_quotes_the_source_at_the_printed_offsets(self) -> None:
        printed = cinco_here("ask", BEIDOU).stdout.decode()
        spans = re.findall(r"^\[[\w.]+:\d+\] .* caracteres (\d+)–(\d+) ", printed, re.MULTILINE)
        quotes = [document().source[int(start) : int(end)] for start, end in spans]
        assert (len(quotes) > 0, [q for q in quotes if f"«{q}»" not in printed]) == (True, [])

    def test_the_printed_answer_has_no_markdown(self) -> None:
        assert re.search(r"[\\*]", cinco_here("ask", BEIDOU).stdout.decode()) is None

    @pytest.mark.parametrize(
        ("arguments", "status"),
        [
            pytest.param(["ask", BEIDOU], 0, id="answered"),
            pytest.param(["ask", UNKNOWN], 0, id="not in the document"),
            pytest.param(["outline"], 0, id="outline"),
            pytest.param(["--help"], 0, id="help"),
            pytest.param(["ask", "¿?"], 1, id="rejected"),
            pytest.param(["ask", BEIDOU, "--programme", "9"], 1, id="unknown programme"),
            pytest.param(["search", "¿?"], 1, id="rejected search"),
            pytest.param(["ask", "--jsonl", "/no/such/file"], 1, id="file missing"),
            pytest.param(["ask", "--jsonl", "/"], 1, id="folder instead of a file"),
            pytest.param(["ask"], 2, id="nothing asked"),
            pytest.param(["ask", BEIDOU, "--jsonl", "-"], 2, id="asked twice"),
            pytest.param(["ask", BEIDOU, "--lang", "fr"], 2, id="unknown language"),
            pytest.param(["ask", BEIDOU, "--programme", "dos"], 2, id="programme in words"),
            pytest.param(["ask", BEIDOU, "--nothing"], 2, id="unknown option"),
            pytest.param(["nothing"], 2, id="unknown command"),
        ],
    )
    def test_exits_with_the_status_of_the_contract(self, arguments: list[str], status: int) -> None:
        assert cinco_here(*arguments).returncode == status

    @pytest.mark.parametrize(
        "arguments",
        [
            pytest.param(["ask", "¿?"], id="rejected"),
            pytest.param(["search", "¿?"], id="rejected search"),
            pytest.param(["ask", "--jsonl", "/no/such/file"], id="file missing"),
        ],
    )
    def test_reports_an_expected_failure_in_one_line_on_stderr(self, arguments: list[str]) -> None:
        run = cinco_here(*arguments)
        assert (run.stdout, run.stderr[:7], run.stderr.count(b"\n")) == (b"", b"cinco: ", 1)

    def test_takes_a_question_that_is_not_utf_8(self) -> None:
        run = cinco("ask", b"BeiDou \xff\xed\xa0\x80", "--json")
        assert (run.returncode, harmful(json.loads(run.stdout))) == (0, set())

    def test_does_not_repeat_a_question_that_it_rejects(self) -> None:
        run = cinco_here("ask", "\u202e\x1b…!")
        assert (run.returncode, b"\x1b" in run.stderr, "\u202e".encode() in run.stderr) == (
            *(1, False, False),
        )

    def test_a_reader_that_hangs_up_gets_no_complaint(self) -> None:
        with subprocess.Popen(
            [*COMMAND, "ask", "--jsonl", "-"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
        ) as process:
            assert process.stdout is not None
            process.stdout.close()
            _, complaint = process.communicate(b'{"question": "BeiDou"}\n' * 3)
        assert complaint == b""


OUTLINE_PROGRAMME: dict[str, Check] = {
    "number": one_of(1, 2, 3, 4, 5),
    "title": a(str),
    "restored": a(bool),
    "sections": list_of(a_section),
}
OUTLINE_SECTION: dict[str, Check] = {
    "id": a_section,
    "programme": one_of(None, 1, 2, 3, 4, 5),
    "number": a(int, NULL),
    "title": a(str),
    "restored": a(bool),
    "evidence": a(str, NULL),
    "start": a(int),
    "end": a(int),
    "paragraphs": a(int),
    "sentences": a(int),
}


@cache
def outline() -> Line:
    parsed_outline: Line = json.loads(cinco_here("outline", "--json").stdout)
    return parsed_outline


class TestOutline:
    def test_has_every_field_in_its_shape(self) -> None:
        fields: dict[str, Check] = {
            "document": lambda value: value == document().sha256,
            "programmes": list_of(record(OUTLINE_PROGRAMME)),
            "sections": list_of(record(OUTLINE_SECTION)),
        }
        assert wrong_fields(outline(), fields) == {}

    def test_lists_the_48_sections_in_document_order(self) -> None:
        sections = outline()["sections"]
        starts = [section["start"] for section in sections]
        assert (len(sections), starts) == (48, sorted(starts))

    def test_marks_five_sections_and_one_programme_as_restored(self) -> None:
        restored = [s["id"] for s in outline()["sections"] if s["restored"]]
        programmes = [p["number"] for p in outline()["programmes"] if p["restored"]]
        assert (restored, programmes) == (["prologo", "I", "II", "III", "2.1"], [2])

    def test_gives_evidence_for_exactly_what_is_restored(self) -> None:
        parts = [*outline()["sections"], *outline()["programmes"]]
        assert [part["restored"] for part in parts] == [bool(part["evidence"]) for part in parts]

    def test_counts_paragraphs_and_sentences(self) -> None:
        counts = {s["id"]: (s["paragraphs"], s["sentences"]) for s in outline()["sections"]}
        assert (counts["2.9"], sum(n for _, n in counts.values())) == ((3, 13), 204)

    def test_spans_begin_with_the_heading_where_it_survives(self) -> None:
        shown = {s["id"]: document().source[s["start"] : s["end"]] for s in outline()["sections"]}
        assert shown["4.5"].startswith("(5) Ciberseguridad\n")

    def test_printed_for_people_marks_what_is_restored(self) -> None:
        printed = cinco_here("outline").stdout.decode().splitlines()
        marked = [line.split()[0] for line in printed if "encabezado restaurado" in line]
        assert marked == ["prologo", "I", "II", "III", "2.", "2.1"]


class TestSearch:
    def test_shows_rank_and_score_of_every_leg(self) -> None:
        hits = json.loads(cinco_here("search", BEIDOU, "--json").stdout)["hits"]
        leg = record({"rank": a(int), "score": a(float, int)})
        assert [leg(value) for value in hits[0]["legs"].values()] == [True] * 3

    def test_ranks_the_sentence_that_answers_first(self) -> None:
        first = json.loads(cinco_here("search", "energía nuclear", "--json").stdout)["hits"][0]
        assert (first["sentence"], first["section"]) == ("2.5:4", "2.5")

    def test_scores_fall(self) -> None:
        hits = json.loads(cinco_here("search", BEIDOU, "--json").stdout)["hits"]
        scores = [hit["score"] for hit in hits]
        assert scores == sorted(scores, reverse=True)

    def test_keeps_to_a_programme(self) -> None:
        run = cinco_here("search", "cooperación", "--json", "--programme", "4")
        assert {hit["section"][0] for hit in json.loads(run.stdout)["hits"]} == {"4"}

    def test_printed_for_people_begins_with_the_best_sentence(self) -> None:
        printed = cinco_here("search", "energía nuclear").stdout.decode().splitlines()
        assert printed[1].split()[:2] == ["1.", "2.5:4"]


class TestDoctor:
    def test_finds_nothing_wrong_in_a_checkout(self) -> None:
        run = cinco_here("doctor", "--json")
        checks = json.loads(run.stdout)["checks"]
        assert (run.returncode, [check["ok"] for check in checks]) == (0, [True] * len(checks))

    def test_looks_at_document_index_and_vocabulary(self) -> None:
        lines = cinco_here("doctor").stdout.decode().splitlines()
        assert [line.split(":")[0] for line in lines] == [
            "✓ documento",
            "✓ índice",
            "✓ vocabulario",
        ]

    def test_gives_a_remedy_for_what_is_wrong(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("CINCO_SOURCE", str(tmp_path / "falta.txt"))
        run = cinco_here("doctor", "--json")
        checks = json.loads(run.stdout)["checks"]
        shown = {check["name"]: (check["ok"], bool(check["remedy"])) for check in checks}
        assert (run.returncode, shown["documento"]) == (1, (False, True))


class TestIndex:
    def test_says_that_an_index_is_up_to_date(self) -> None:
        cinco_here("index")
        assert "ya estaba al día" in cinco_here("index").stdout.decode()

    def test_builds_anew_when_told_to(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("CINCO_DATA_DIR", str(tmp_path))
        monkeypatch.setenv("CINCO_SOURCE", str(write_short_source(tmp_path / "source.txt")))
        with sampled():
            cinco_here("index")
            assert "construido" in cinco_here("index", "--rebuild").stdout.decode()
        assert len(published(tmp_path / "index")) == 2
