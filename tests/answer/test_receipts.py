"""Receipts: what they hold, that they verify, and that every edit of them is noticed."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from html import unescape as plain
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from rag import __version__
from rag.answer import receipt_files
from rag.answer.receipt_markdown import literal, markdown, message, visible, words
from rag.answer.receipts import Receipt, digest, read, receipt, to_json
from rag.answer.rechecking import Difference, Kind, check
from rag.answer.verification import Verifier
from rag.corpus import document as documents
from rag.corpus.source import Source
from rag.domain import (
    LANGUAGES,
    Answer,
    AnswerSentence,
    Document,
    DraftCitation,
    Fallback,
    Provenance,
    Question,
)
from rag.errors import InputError
from tests.product import assistant, document

ASKED_AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
NUCLEAR = "¿Apoya la energía nuclear con fines pacíficos?"
QUESTIONS = {
    "topic": Question(NUCLEAR),
    "English": Question("Does it support peaceful nuclear energy?"),
    "Chinese": Question("文件支持和平利用核能吗？"),
    "programmes": Question("¿Cuántos programas hay?"),
    "all sections": Question("¿Cuántas subsecciones hay?"),
    "subsections": Question("¿Qué subsecciones tiene el programa de la paz?"),
    "where": Question("¿En qué programa está la ciberseguridad?"),
    "mentions": Question("¿Dónde se menciona la CELAC?"),
    "names": Question("¿Qué países menciona el documento?"),
    "organisations": Question("¿Qué organizaciones nombra el programa de la paz?"),
    "comparison": Question("Compara el programa de la paz con el de los pueblos"),
    "overview": Question("Resume la sección de ciberseguridad"),
    "restored": Question("¿Cuándo se publicó el primer documento?"),
    "absent": Question("fotosíntesis de los helechos"),
    "marks in the question": Question("zxqwv[2.5:4]kjh **x** <b>"),
    "outside": Question("¿Quién ganó el partido?"),
    "greeting": Question("Hola"),
    "rejected": Question("¿?"),
    "one programme": Question("cooperación con China", "pt", 4),
    "lone surrogate": Question("BeiDou \udcff"),
}

Json = dict[str, Any]


@cache
def kept(kind: str = "topic") -> Receipt:
    question = QUESTIONS[kind]
    return receipt(question, assistant().ask(question), document(), ASKED_AT)


@cache
def by_model() -> Receipt:
    """The receipt of what a model may write: backed, not backed, moved, stitched, rejected."""
    quotes = (
        DraftCitation("2.5", document().sentence_by_id["2.5:4"].text),
        DraftCitation("4.3", "Fortalecer la cooperación en energías limpias"),
        DraftCitation("2.5", "Fortalecer la cooperación en energías … la eólica y la de hidrógeno"),
        DraftCitation("2.5", "cooperación en energía de las mareas"),
    )
    found = [Verifier(document()).verify(quote) for quote in quotes]
    answer = Answer(
        status="answered",
        language="es",
        text="Apoya la energía nuclear\\. \\[2.5:4\\]\n\nY las mareas\\. *(sin respaldo)*",
        provenance=Provenance(document().sha256, "0123", "model", "modelo", "89abcdef"),
        citations=tuple(c for c in found if c.verdict != "not_found"),
        sentences=(
            AnswerSentence("Apoya la energía nuclear.", "supported", ("2.5:4",), aligned=True),
            AnswerSentence("Y las mareas.", "unsupported", problems=("wording",)),
        ),
        rejected_citations=tuple(c for c in found if c.verdict == "not_found"),
        warnings=("Aviso <b>",),
    )
    return receipt(Question("¿Y la nuclear?"), answer, document(), ASKED_AT)


def edited(edit: Callable[[Json], object], original: Receipt, *, sealed: bool) -> Receipt:
    """The receipt after an edit of its file; sealed: by someone who computes the digest anew."""
    content = json.loads(to_json(original))
    edit(content)
    changed = read(json.dumps(content).encode())
    return changed.model_copy(update={"digest": digest(changed)}) if sealed else changed


def kinds(differences: Sequence[Difference]) -> set[str]:
    return {difference.kind for difference in differences}


def setting(*path: str | int, to: object) -> Callable[[Json], None]:
    """An edit: the value at the path replaced."""

    def edit(content: Any) -> None:  # noqa: ANN401  JSON of any shape
        for step in path[:-1]:
            content = content[step]
        content[path[-1]] = to

    return edit


def removing(field: str, position: int) -> Callable[[Json], None]:
    def edit(content: Json) -> None:
        del content[field][position]

    return edit


class TestReceipt:
    @pytest.mark.parametrize("kind", QUESTIONS)
    def test_of_an_answer_verifies_against_its_own_document(self, kind: str) -> None:
        assert check(kept(kind), document()) == ()

    @pytest.mark.parametrize("kind", QUESTIONS)
    def test_is_the_same_after_writing_and_reading(self, kind: str) -> None:
        assert read(to_json(kept(kind)).encode()) == kept(kind)

    @settings(max_examples=30)
    @given(st.text(min_size=1))
    def test_of_any_question_verifies(self, text: str) -> None:
        question = Question(text)
        made = receipt(question, assistant().ask(question), document(), ASKED_AT)
        assert check(read(to_json(made).encode()), document()) == ()

    @settings(max_examples=50)
    @given(st.sampled_from(document().sentences), st.data())
    def test_of_any_quote_verifies(self, sentence: Any, data: st.DataObject) -> None:  # noqa: ANN401
        first = data.draw(st.integers(0, max(0, len(sentence.text) - 12)))
        claimed = data.draw(st.sampled_from([sentence.section, "4.3", "9.9"]))
        quote = DraftCitation(claimed, sentence.text[first:])
        found = Verifier(document()).verify(quote)
        greeting = assistant().ask(Question("Hola"))
        if found.verdict == "not_found":
            answer = replace(greeting, rejected_citations=(found,))
        else:
            answer = replace(greeting, citations=(found,))
        assert check(receipt(Question("x"), answer, document(), ASKED_AT), document()) == ()

    def test_of_a_model_verifies_with_all_verdicts(self) -> None:
        verdicts = [quote.verdict for quote in by_model().quotes]
        verdicts += [quote.verdict for quote in by_model().rejected]
        shown = check(by_model(), document()), verdicts
        assert shown == ((), ["verified", "moved", "stitched", "not_found"])

    def test_says_what_the_answer_was_made_with(self) -> None:
        made = by_model()
        shown = made.mode, made.model, made.prompt, made.index, made.document, made.product
        assert shown == ("model", "modelo", "89abcdef", "0123", document().sha256, __version__)

    def test_holds_the_question_as_it_was_asked(self) -> None:
        asked = kept("one programme").question
        assert (asked.text, asked.language, asked.programme) == ("cooperación con China", "pt", 4)

    def test_tells_the_time_in_utc(self) -> None:
        elsewhere = ASKED_AT.astimezone(timezone(timedelta(hours=-5)))
        made = receipt(Question("Hola"), assistant().ask(Question("Hola")), document(), elsewhere)
        assert json.loads(to_json(made))["asked_at"] == "2026-01-02T03:04:05Z"

    def test_holds_the_model_that_was_replaced(self) -> None:
        answer = replace(
            assistant().ask(Question(NUCLEAR)), fallback=Fallback("m", "se colgó", "…")
        )
        made = receipt(Question(NUCLEAR), answer, document(), ASKED_AT).fallback
        assert made is not None
        assert (made.model, made.reason, made.text) == ("m", "se colgó", "…")

    def test_shows_invisible_characters_as_escapes(self) -> None:
        question = Question("a\u202e\x1b\x9b\u200b")
        hostile = receipt(question, assistant().ask(Question("Hola")), document(), ASKED_AT)
        text = to_json(hostile)
        assert (text.replace("\n", "").isprintable(), read(text.encode())) == (True, hostile)

    def test_of_another_version_with_further_fields_verifies(self) -> None:
        later = edited(setting("added", to={"a": [1]}), kept(), sealed=True)
        assert check(read(to_json(later).encode()), document()) == ()


PLANTED: dict[str, tuple[Callable[[Json], None], Kind | None]] = {
    "question": (setting("question", "text", to="¿Otra?"), None),
    "question's language": (setting("question", "language", to="en"), None),
    "question's programme": (setting("question", "programme", to=3), None),
    "time": (setting("asked_at", to="2026-01-02T03:04:06Z"), None),
    "product": (setting("product", to="9.9"), None),
    "status": (setting("status", to="not_in_document"), None),
    "reason": (setting("reason", to="greeting"), None),
    "language": (setting("language", to="pt"), None),
    "reading": (setting("understood_as", to="otra cosa"), None),
    "model": (setting("model", to="otro"), None),
    "mode": (setting("mode", to="model"), None),
    "prompt": (setting("prompt", to="00000000"), None),
    "index": (setting("index", to="00"), None),
    "nearest": (setting("nearest", to=["1.1"]), None),
    "terms": (setting("checked_terms", to=["x"]), None),
    "warnings": (setting("warnings", to=["x"]), None),
    "fallback": (setting("fallback", to={"model": "m", "reason": "r", "text": None}), None),
    "aligned": (setting("sentences", 1, "aligned", to=True), None),
    "problems": (setting("sentences", 1, "problems", to=["name"]), None),
    "added field": (setting("added", to=1), None),
    "added field inside": (setting("quotes", 0, "added", to=1), None),
    "digest": (setting("digest", to="0" * 64), None),
    "stitched": (setting("quotes", 0, "verdict", to="stitched"), None),
    "document": (setting("document", to="0" * 64), "document"),
    "answer": (setting("answer", to="El documento lo promete."), "text"),
    "answer longer": (lambda c: c.update(answer=c["answer"] + "\n\nY más."), "text"),
    "answer shorter": (lambda c: c.update(answer=c["answer"].split("\n")[0]), "text"),
    "answer's reference": (
        lambda c: c.update(answer=c["answer"].replace("2.5:4", "4.3:1")),
        "references",
    ),
    "frame": (setting("sentences", 0, "text", to="El documento lo niega:"), "text"),
    "sentence": (setting("sentences", 1, "text", to="China construirá reactores."), "unsupported"),
    "sentence cut": (removing("sentences", 1), "text"),
    "cited sentence": (setting("sentences", 1, "citations", to=["4.3:1"]), "unsupported"),
    "cited and not quoted": (setting("sentences", 1, "citations", to=["4.3:1"]), "unquoted"),
    "unknown citation": (setting("sentences", 1, "citations", to=["9.9:1"]), "unknown_citation"),
    "nothing cited": (setting("sentences", 1, "citations", to=[]), "unsupported"),
    "frame made supported": (setting("sentences", 0, "verdict", to="supported"), "unsupported"),
    "quote": (setting("quotes", 0, "quote", to="Cooperar en energía de fusión."), "quote_missing"),
    "quote empty": (setting("quotes", 0, "quote", to=""), "quote_missing"),
    "start": (setting("quotes", 0, "start", to=1), "quote_elsewhere"),
    "start negative": (setting("quotes", 0, "start", to=-5), "quote_elsewhere"),
    "end": (setting("quotes", 0, "end", to=10**9), "quote_elsewhere"),
    "section": (setting("quotes", 0, "section", to="4.3"), "section"),
    "section unknown": (setting("quotes", 0, "section", to="9.9"), "section"),
    "sentence id": (setting("quotes", 0, "sentence", to="2.5:3"), "sentence"),
    "breadcrumb": (setting("quotes", 0, "breadcrumb", to="Programa de la guerra"), "breadcrumb"),
    "restored": (setting("quotes", 0, "restored", to=True), "restored"),
    "verdict": (setting("quotes", 0, "verdict", to="moved"), "verdict"),
    "verdict not found": (setting("quotes", 0, "verdict", to="not_found"), "verdict"),
    "claim": (setting("quotes", 0, "claimed_section", to="4.3"), "verdict"),
    "quote taken out": (removing("quotes", 0), "unquoted"),
}
"""Edit → what is found though the digest was computed anew; `None`: only the digest tells."""


@pytest.mark.parametrize(("edit", "kind"), PLANTED.values(), ids=PLANTED.keys())
class TestEdit:
    def test_is_noticed(self, edit: Callable[[Json], None], kind: Kind | None) -> None:
        assert "digest" in kinds(check(edited(edit, kept(), sealed=False), document()))

    def test_is_told_by_the_document_where_it_can(
        self, edit: Callable[[Json], None], kind: Kind | None
    ) -> None:
        found = kinds(check(edited(edit, kept(), sealed=True), document()))
        assert (kind in found) if kind else ("digest" not in found)

    def test_is_told_in_one_line_in_every_language(
        self, edit: Callable[[Json], None], kind: Kind | None
    ) -> None:
        found = check(edited(edit, kept(), sealed=False), document())
        lines = [message(difference, own) for difference in found for own in LANGUAGES]
        assert all(line and line.isprintable() for line in lines)


def test_a_rejected_quote_that_stands_in_the_document_is_told() -> None:
    true = document().sentence_by_id["2.5:4"].text
    differences = check(
        edited(setting("rejected", 0, "quote", to=true), by_model(), sealed=True), document()
    )
    assert [(d.kind, d.place) for d in differences] == [("verdict", "rejected[0].verdict")]


def changed(old: str, new: str) -> Document:
    text = document().source.replace(old, new)
    return documents.build(Source(text, "f" * 64), documents.reviewed_headings())


def test_a_document_that_grew_moves_the_quotes() -> None:
    first = document().sentences[0].text
    found = kinds(check(kept(), changed(first, f"{first} Añadido.")))
    assert found == {"document", "quote_elsewhere"}


def test_a_document_that_lost_a_sentence_lacks_its_quote() -> None:
    found = check(kept(), changed("energía nuclear con fines", "energía atómica con fines"))
    assert {"document", "quote_missing", "unsupported"} <= kinds(found)


class TestReading:
    @pytest.mark.parametrize(
        "content",
        [b"", b"hola", b"[]", b"{}", b"\xff", b"[" * 100_000, b'{"format": 1}', b"# Recibo"],
    )
    def test_what_is_no_receipt_is_an_error_with_its_remedy(self, content: bytes) -> None:
        with pytest.raises(InputError, match="no es un recibo") as caught:
            read(content)
        assert caught.value.remedy

    def test_another_format_is_named(self) -> None:
        content = json.loads(to_json(kept())) | {"format": 2}
        with pytest.raises(InputError, match="otro formato"):
            read(json.dumps(content).encode())

    @pytest.mark.parametrize("field", json.loads(to_json(kept())))
    def test_a_field_that_is_missing_is_named(self, field: str) -> None:
        content = json.loads(to_json(kept()))
        del content[field]
        with pytest.raises(InputError, match=f"«{field}»"):
            read(json.dumps(content).encode())


class TestMarkdown:
    @given(st.text())
    def test_of_foreign_text_shows_the_text_and_nothing_else(self, text: str) -> None:
        parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
        shown = parser.render(f"> a\n>\n> {literal(text)}")
        paragraphs = ["a", *filter(None, [visible(text)])]
        wanted = "".join(f"<p>{paragraph}</p>\n" for paragraph in paragraphs)
        assert plain(shown) == f"<blockquote>\n{wanted}</blockquote>\n"

    @pytest.mark.parametrize(
        "text",
        [
            *("1. a", "2) a", "- a", "+ a", "# a", "> a", "<b>", "[a](b)", "**a**", "a | b"),
            *(":red[a]", "$a$", "&amp;", "~~a~~", "```", "---", "===", "![a](b)", ":100:"),
            *("http://a.b", "www.a.b"),
        ],
    )
    def test_of_markup_has_it_escaped(self, text: str) -> None:
        assert literal(text) != text

    @pytest.mark.parametrize("kind", QUESTIONS)
    def test_shows_question_quotes_and_digest(self, kind: str) -> None:
        text = markdown(kept(kind))
        wanted = [kept(kind).digest, *(literal(quote.quote) for quote in kept(kind).quotes)]
        assert [piece for piece in wanted if piece not in text] == []

    @pytest.mark.parametrize(
        ("kind", "title"),
        {
            "topic": "Recibo",
            "English": "Receipt",
            "Chinese": "回答凭据",
            "one programme": "Recibo",
        }.items(),
    )
    def test_is_in_the_language_of_the_answer(self, kind: str, title: str) -> None:
        assert markdown(kept(kind)).startswith(f"# {title}")

    def test_shows_verdicts_problems_and_what_was_rejected(self) -> None:
        text = markdown(by_model())
        wanted = ["sin respaldo; lo citado no dice eso", "se atribuía a la sección 4.3"]
        wanted += ["alineada por el sistema", "energía de las mareas", "Aviso \\<b\\>"]
        assert [piece for piece in wanted if piece not in text] == []

    def test_words_are_the_same_in_every_language(self) -> None:
        keys = {language: set(words()[language]) for language in LANGUAGES}
        assert set(map(frozenset, keys.values())) == {frozenset(keys["es"])}

    def test_every_difference_has_its_words(self) -> None:
        assert [kind for kind in get_args(Kind) if f"differs_{kind}" not in words()["es"]] == []


class TestFiles:
    @pytest.mark.parametrize(
        ("name", "files"),
        {
            "r.json": ["r.json"],
            "r.md": ["r.md"],
            "r.JSON": ["r.JSON"],
            "r": ["r.json", "r.md"],
            "r.2026": ["r.2026.json", "r.2026.md"],
        }.items(),
    )
    def test_are_of_the_form_that_the_name_says(
        self, tmp_path: Path, name: str, files: list[str]
    ) -> None:
        receipt_files.write(kept(), receipt_files.targets(str(tmp_path / name)))
        assert sorted(path.name for path in tmp_path.iterdir()) == files

    def test_are_read_back(self, tmp_path: Path) -> None:
        path = tmp_path / "r.json"
        receipt_files.write(kept(), (path,))
        assert receipt_files.load(path) == kept()

    def test_replace_what_stood_there(self, tmp_path: Path) -> None:
        path = tmp_path / "r.json"
        path.write_text("x" * 100_000)
        receipt_files.write(kept(), (path,))
        assert path.read_text(encoding="utf-8") == to_json(kept())

    def test_that_cannot_all_be_written_leave_everything_as_it_was(self, tmp_path: Path) -> None:
        path = tmp_path / "r.json"
        path.write_text("antes")
        with pytest.raises(InputError, match="No se puede escribir"):
            receipt_files.write(kept(), (path, tmp_path / "none" / "r.md"))
        assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("r.json", "antes")]

    @pytest.mark.parametrize(
        "name",
        ["", "/", "/dev/null", "/no/such/r.json", ".", "..", "r\0.json", f"{'x' * 300}.json"],
    )
    def test_in_a_place_that_takes_none_are_an_error(self, name: str) -> None:
        with pytest.raises(InputError, match="No se puede escribir") as caught:
            receipt_files.write(kept(), receipt_files.targets(name))
        assert caught.value.remedy

    def test_in_markdown_are_not_checked(self, tmp_path: Path) -> None:
        path = tmp_path / "r.md"
        receipt_files.write(kept(), (path,))
        with pytest.raises(InputError, match="solo se comprueba la forma JSON"):
            receipt_files.load(path)
