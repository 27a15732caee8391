"""What the commands print: results to stdout, all else to stderr; colour only on a terminal."""

import sys
from collections.abc import Iterable
from dataclasses import asdict
from typing import get_args

import typer

from rag import contract
from rag.answer.frames import unescape
from rag.assistant import Assistant
from rag.batch import answers
from rag.doctor import Finding
from rag.domain import Answer, Document, Language, Question

VERDICTS = {
    "verified": "comprobada",
    "moved": "en otra sección",
    "stitched": "por fragmentos",
}


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
    assistant: Assistant, text: str, programme: int | None, lang: Language | None, *, as_json: bool
) -> int:
    """Print one answer; the exit status."""
    answer = assistant.ask(Question(text, lang, programme))
    failed = answer.status in {"rejected", "error"}
    if as_json:
        say(contract.dumps(contract.answer_json(answer, assistant.document), indent=2))
    elif not failed:
        _print_answer(answer, assistant.document)
    if failed and answer.error:
        sys.stderr.write(f"cinco: {answer.error.problem} {answer.error.remedy}\n")
    return int(failed)


def _print_answer(answer: Answer, document: Document) -> None:
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(answer.text))
    else:
        say(unescape(answer.text.replace("**", "")))
    if answer.citations:
        say("")
    for citation in answer.citations:
        section = document.section_by_id[document.sentence_by_id[citation.sentence].section]
        mark = " (encabezado restaurado)" if section.restored else ""
        say(
            f"[{citation.sentence}] {document.breadcrumb(section)}{mark}"
            f" · caracteres {citation.start}–{citation.end} · cita {VERDICTS[citation.verdict]}"
        )


def batch(lines: Iterable[bytes], assistant: Assistant) -> int:
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


def doctor(findings: tuple[Finding, ...], *, as_json: bool) -> int:
    """Print the findings; the exit status."""
    if as_json:
        say(contract.dumps({"checks": [asdict(finding) for finding in findings]}, indent=2))
    else:
        for finding in findings:
            remedy = f" {finding.remedy}" if finding.remedy else ""
            say(f"{'✓' if finding.ok else '✗'} {finding.name}: {finding.detail}{remedy}")
    return int(not all(finding.ok for finding in findings))
