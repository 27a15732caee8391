"""Perfect answers, written from gold: what every metric must find nothing wrong with."""

from collections.abc import Iterator, Sequence
from functools import cache

from eval.items import Item, Turn, load
from eval.metrics.answers import read
from eval.metrics.grading import Asked
from eval.metrics.reference import Reference
from eval.metrics.refusal import REASONS
from eval.truth import reference_of
from rag.domain import Language, Section
from tests.product import document

Json = dict[str, object]

FRAMES: dict[Language, str] = {
    "es": "El documento lo trata en **{place}**, según su texto: {strings}",
    "en": "The document addresses this in **{place}**, in the words of its text: {strings}",
    "pt": "O documento trata disso em **{place}**, nas palavras do seu texto: {strings}",
    "zh": "文件在以下部分谈到这一点：**{place}**：{strings}",
}
REFUSALS: dict[Language, str] = {
    "es": "El documento no lo dice.",
    "en": "The document does not say.",
    "pt": "O documento não diz isso.",
    "zh": "文件没有谈到这一点。",
}


@cache
def items() -> tuple[Item, ...]:
    return load()


@cache
def reference() -> Reference:
    return reference_of(document())


@cache
def answers() -> tuple[tuple[Item, int, Json], ...]:
    """Every turn of the dataset with a perfect answer."""
    return tuple(
        (item, index, perfect(item, index)) for item in items() for index in range(len(item.turns))
    )


def asked(answered: Sequence[tuple[Item, int, Json]]) -> list[Asked]:
    return [Asked(item, index, read(line)) for item, index, line in answered]


def perfect(item: Item, index: int) -> Json:
    """Contract JSON that says exactly what gold asks for."""
    turn, language = item.turns[index], item.language(index)
    if turn.status == "answered" or (turn.sections and "answered" in turn.allowed):
        return answered(turn, language)
    if turn.status == "not_in_document" or "not_in_document" in turn.allowed:
        return refused(turn, language)
    return blank("rejected", language) | {"answer": REFUSALS[language]}


def answered(turn: Turn, language: Language) -> Json:
    citations = list(_citations(turn))
    quoted = "\n".join(str(citation["quote"]) for citation in citations)
    strings = "; ".join(string for string in turn.must if string not in quoted)
    place = document().section_by_id[turn.gold[0]].title if turn.gold else "—"
    frame = FRAMES[language].format(place=place, strings=strings)
    return blank("answered", language) | {
        "answer": "\n\n".join([frame, *(f"> «{citation['quote']}»" for citation in citations)]),
        "citations": citations,
        "sentences": [
            {"text": frame, "verdict": "frame", "citations": []},
            *(
                {"text": c["quote"], "verdict": "supported", "citations": [c["sentence"]]}
                for c in citations
            ),
        ],
        "retrieved": _ranking(turn.gold),
        "confidence": 0.9,
    }


def refused(turn: Turn, language: Language) -> Json:
    frame = REFUSALS[language]
    return blank("not_in_document", language) | {
        "reason": turn.type if turn.type in REASONS else "absent_topic",
        "answer": frame,
        "citations": [cite(span, turn.nearest) for span in turn.evidence],
        "sentences": [{"text": frame, "verdict": "frame", "citations": []}],
        "nearest": list(turn.nearest[:3]),
        "retrieved": _ranking(turn.nearest),
        "confidence": 0.1,
    }


def blank(status: str, language: Language) -> Json:
    return {
        "status": status,
        "reason": None,
        "language": language,
        "answer": "",
        "citations": [],
        "sentences": [],
        "nearest": [],
        "retrieved": [],
        "rejected_citations": [],
        "mode": "extractive",
        "timings_ms": {"total": 2.0},
        "tokens": None,
    }


def cite(span: str, sections: Sequence[str]) -> Json:
    """The sentences that hold the span, quoted whole, as one citation."""
    start, end = next(iter(reference().ranges(span, sections)))
    held = [s for s in document().sentences if s.start < end and s.end > start]
    if not held:  # the span is a heading
        held = [s for s in document().sentence_by_id.values() if s.start <= start and s.end >= end]
    section = document().section_by_id[held[0].section]
    return citation(section, held[0].id, held[0].start, held[-1].end)


def cite_section(id: str, ordinal: int = 0) -> Json:
    """A sentence of the section, the first unless told otherwise."""
    section = document().section_by_id[id]
    sentence = section.sentences[ordinal]
    return citation(section, sentence.id, sentence.start, sentence.end)


def citation(section: Section, sentence: str, start: int, end: int) -> Json:
    programme = document().programme_of(section)
    return {
        "section": section.id,
        "programme": section.programme,
        "programme_title": programme.title if programme else None,
        "sentence": sentence,
        "quote": document().source[start:end],
        "start": start,
        "end": end,
        "verdict": "verified",
    }


def _citations(turn: Turn) -> Iterator[Json]:
    """One per span, those of required sections first, and one per required section without."""
    spans = [cite(span, turn.gold) for span in turn.evidence]
    spans.sort(key=lambda given: given["section"] not in turn.sections)
    yield from spans
    shown = {given["section"] for given in spans}
    yield from (cite_section(id) for id in turn.sections if id not in shown)


def _ranking(first: Sequence[str]) -> list[str]:
    return list(dict.fromkeys([*first, *document().section_by_id]))
