"""What the commands print: results to stdout, all else to stderr; colour only on a terminal."""

import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import typer

from rag import contract
from rag.answer.frames import unescape
from rag.assistant import Assistant
from rag.batch import answers
from rag.binding import Asker
from rag.domain import Answer, Document, Language, Question
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.answer.receipts import Receipt
    from rag.models.finding import Finding
    from rag.models.status import Row

VERDICTS = {
    "verified": "comprobada",
    "moved": "en otra sección",
    "stitched": "por fragmentos",
}

STATES = {
    "answers": "responde",
    "silent": "no responde",
    "refuses": "responde, pero no sirve",
    "no_model": "el servidor no tiene el modelo",
    "no_key": "falta la clave",
    "not_installed": "paquete no instalado",
    "no_folder": "falta la carpeta",
    "unchecked": "sin comprobar",
}
"""How a configured model stands, in words."""

BUILT_IN = {"extractive": "citas literales, sin modelo", "corpus": "vectores del documento"}
"""What needs no server."""


def say(line: str) -> None:
    """One line on stdout, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def language(name: str | None) -> Language | None:
    """The language of that name; a wrong one is a usage error."""
    for known in get_args(Language):
        if name == known:
            return known  # type: ignore[no-any-return]
    if name is not None:
        raise typer.BadParameter(
            f"«{name}» no es un idioma de {', '.join(get_args(Language))}", param_hint="--lang"
        )
    return None


def ask(
    assistant: Asker,
    question: Question,
    *,
    as_json: bool,
    receipt: tuple[Path, ...] = (),
) -> int:
    """Print one answer, and keep its receipt in the files; the exit status.

    Raises:
        InputError: the receipt cannot be written; the answer is printed by then.
    """
    asked_at = datetime.now(UTC)
    answer = assistant.ask(question)
    failed = answer.status in {"rejected", "error"}
    if as_json:
        say(contract.dumps(contract.answer_json(answer, assistant.document), indent=2))
    elif not failed:
        _print_answer(answer, assistant.document)
    if failed and answer.error:
        sys.stderr.write(f"cinco: {answer.error.problem} {answer.error.remedy}\n")
    if receipt and not failed:
        from rag.answer import receipt_files, receipts

        kept = receipts.receipt(question, answer, assistant.document, asked_at)
        receipt_files.write(kept, receipt)
    return int(failed)


def verify(kept: "Receipt", document: Document, *, as_json: bool) -> int:
    """Print what differs between a receipt and the document; the exit status."""
    from rag.answer.receipt_markdown import message, visible
    from rag.answer.rechecking import check

    differences = check(kept, document)
    if as_json:
        listing = [asdict(found) | {"message": message(found)} for found in differences]
        result = {"holds": not differences, "document": document.sha256, "differences": listing}
        say(contract.dumps(result, indent=2))
    else:
        say(f"Recibo del {kept.asked_at:%Y-%m-%d %H:%M:%S} UTC: {visible(kept.question.text)}")
        for found in differences:
            say(f"✗ {message(found)}")
    if differences:
        sys.stderr.write(
            f"cinco: El recibo no se sostiene (diferencias: {len(differences)}). "
            "Pida uno nuevo, o compruébelo con el documento del que habla.\n"
        )
    elif not as_json:
        say(f"✓ Todo se sostiene; citas: {len(kept.quotes)}, frases: {len(kept.sentences)}.")
    return int(bool(differences))


def _print_answer(answer: Answer, document: Document) -> None:
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(answer.text))
    else:
        say(unescape(answer.text.replace("**", "")))
    if answer.fallback:
        model, reason = answer.fallback.model, answer.fallback.reason
        say(f"\n(Respuesta extractiva en lugar de la del modelo «{model}»: {reason})")
    for warning in answer.warnings:
        say(f"({warning})")
    if answer.citations:
        say("")
    for citation in answer.citations:
        section = document.section_of(citation.sentence)
        mark = " (encabezado restaurado)" if section.restored else ""
        say(
            f"[{citation.sentence}] {document.breadcrumb(section)}{mark}"
            f" · caracteres {citation.start}–{citation.end} · cita {VERDICTS[citation.verdict]}"
        )
        if answer.provenance.mode == "model":
            say(f"    «{citation.quote}»")


def batch(lines: Iterable[bytes], assistant: Asker) -> int:
    """Answer a batch, each line flushed as it comes; progress on stderr where it is a terminal."""
    failed = done = 0
    for result in answers(lines, assistant):
        say(contract.dumps(result))
        done += 1
        failed += result["status"] in {"rejected", "error"}
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{done} preguntas, {failed} rechazadas")
            sys.stderr.flush()
    if sys.stderr.isatty():
        sys.stderr.write("\n")
    elif failed:
        sys.stderr.write(f"cinco: {failed} de {done} líneas rechazadas; vea su campo «error».\n")
    return int(failed > 0)


def outline(document: Document, *, as_json: bool) -> None:
    """Print the outline."""
    if as_json:
        say(contract.dumps(contract.outline_json(document), indent=2))
        return
    shown: int | None = None
    for section in document.sections:
        programme = document.programme_of(section)
        if programme and programme.number != shown:
            shown = programme.number
            say(f"\n{programme.number}. {programme.title}{_mark(restored=programme.restored)}")
        indent = "   " if programme else ""
        say(f"{indent}{section.id:<8}{section.title}{_mark(restored=section.restored)}")


def _mark(*, restored: bool) -> str:
    return "  [encabezado restaurado]" if restored else ""


def search(assistant: Assistant, text: str, programme: int | None, *, as_json: bool) -> None:
    """Print the ranking behind an answer."""
    retrieval = assistant.search(Question(text, None, programme))
    if as_json:
        say(contract.dumps(contract.retrieval_json(retrieval), indent=2))
        return
    terms = (f"{t.word}→{t.match or '—'}" if t.match != t.word else t.word for t in retrieval.terms)
    say(f"términos: {', '.join(terms) or '—'}")
    for rank, hit in enumerate(retrieval.hits[:10], start=1):
        legs = "  ".join(
            f"{leg} {score.rank} ({score.score:.2f})" for leg, score in hit.legs.items()
        )
        say(f"{rank:>2}. {hit.passage.id:<8} {hit.score:.4f}  {legs}")
        say(f"    {hit.passage.text[:110]}")


def doctor(findings: "Iterable[Finding]", *, as_json: bool) -> int:
    """Print the findings as they come, or as one JSON object; the exit status."""
    seen: list[Finding] = []
    for finding in findings:
        seen.append(finding)
        remedy = f" {finding.remedy}" if finding.remedy else ""
        if not as_json:
            say(f"{'✓' if finding.ok else '✗'} {finding.name}: {finding.detail}{remedy}")
    if as_json:
        say(contract.dumps({"checks": [asdict(finding) for finding in seen]}, indent=2))
    return int(not all(finding.ok for finding in seen))


def models(settings: Settings, *, as_json: bool) -> None:
    """Print every configured model, how it stands, and where they are named."""
    from rag import settings as settings_module
    from rag.models import registry
    from rag.models.status import rows, statuses

    known = registry.read(settings)
    listed = rows(known, statuses(known))
    file = settings.models_file or settings_module.MODELS
    if as_json:
        found = [asdict(row) for row in listed]
        heads = {"default": known.default, "embedder": known.embedder or registry.CORPUS}
        say(contract.dumps({"file": str(file), **heads, "models": found}, indent=2))
        return
    cells = [_cells(row) for row in listed]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row, cell in zip(listed, cells, strict=True):
        line = "  ".join(text.ljust(width) for text, width in zip(cell, widths, strict=True))
        say(f"{'*' if row.is_default else ' '} {line}  {_standing(row)}")
    say(f"\n* por defecto. Se nombran en {file}{_absent(file)}")


def _cells(row: "Row") -> tuple[str, ...]:
    return row.name, row.server or "—", row.model or BUILT_IN[row.name], row.address or "—"


def _standing(row: "Row") -> str:
    if row.provider is None:
        return "siempre disponible"
    known = STATES[row.state]
    own = {"answers", "silent", "unchecked"}
    return known if row.state in own or not row.remedy else f"{known}. {row.remedy}"


def _absent(file: Path) -> str:
    return "." if file.exists() else ", que no existe: docs/models.example.toml muestra cómo."
