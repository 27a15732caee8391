"""Planted faults: each spoils perfect answers in one way, wherever it can be planted."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from eval.items import Item, Turn
from rag.domain import Language
from tests.eval.perfect import cite_section, perfect, refused
from tests.product import document

Line = dict[str, Any]
Fault = Callable[[Item, int, Line], Line | None]
"""The spoilt answer; `None` where this fault cannot be planted."""

_NUMBER = re.compile(r"\d+")


def wrong_section(item: Item, index: int, line: Line) -> Line | None:
    """True quotes, but of another programme."""
    turn = item.turns[index]
    return _cites_elsewhere(turn, line, same_programme=False) if turn.is_answerable else None


def sibling_section(item: Item, index: int, line: Line) -> Line | None:
    """True quotes, but of the neighbour in the same programme."""
    turn = item.turns[index]
    return _cites_elsewhere(turn, line, same_programme=True) if turn.is_answerable else None


def wrong_sentence(item: Item, index: int, line: Line) -> Line | None:
    """The right section, but a sentence of it that does not answer."""
    turn = item.turns[index]
    if not turn.is_answerable or item.group not in ("section", "dialogue"):
        return None
    section = document().section_by_id[turn.sections[0]]
    free = [
        n
        for n, sentence in enumerate(section.sentences)
        if not any(c["start"] <= sentence.start < c["end"] for c in line["citations"])
    ]
    return _with_citations(line, [cite_section(section.id, free[0])]) if free else None


def altered_quote(item: Item, index: int, line: Line) -> Line | None:
    """One word of the first quote is another."""
    if not line["citations"]:
        return None
    first = line["citations"][0]
    words = first["quote"].split(" ")
    words[len(words) // 2] = "nunca"
    return line | {"citations": [first | {"quote": " ".join(words)}, *line["citations"][1:]]}


def altered_number(item: Item, index: int, line: Line) -> Line | None:
    """A number of the answer's prose is another than that of its quote."""
    return _with_prose(
        line, lambda text: _NUMBER.sub(lambda found: str(int(found.group()) + 1), text)
    )


def invented_name(item: Item, index: int, line: Line) -> Line | None:
    """The answer's prose names a company that its quote does not."""
    return _with_prose(line, lambda text: text.removesuffix(".") + " mediante Huawei.")


def invented_id(item: Item, index: int, line: Line) -> Line | None:
    """The first citation names a section that does not exist."""
    if not line["citations"]:
        return None
    first = line["citations"][0] | {"section": "9.9", "sentence": "9.9:1"}
    return line | {"citations": [first, *line["citations"][1:]]}


def invented_sentence(item: Item, index: int, line: Line) -> Line | None:
    """The first citation names a sentence that its section does not have."""
    if not line["citations"]:
        return None
    first = line["citations"][0]
    first = first | {"sentence": f"{first['section']}:99"}
    return line | {"citations": [first, *line["citations"][1:]]}


def wrong_programme(item: Item, index: int, line: Line) -> Line | None:
    """The right section is shown under the wrong programme."""
    if not line["citations"]:
        return None
    shown = [
        c | {"programme": (c["programme"] or 0) % 5 + 1, "programme_title": None}
        for c in line["citations"]
    ]
    return line | {"citations": shown}


def refused_instead(item: Item, index: int, line: Line) -> Line | None:
    """A refusal where the document answers."""
    turn = item.turns[index]
    if not turn.is_answerable:
        return None
    refusal = refused(Turn(question="q", status="not_in_document"), item.language(index))
    kept = {name: line[name] for name in ("retrieved", "confidence")}
    return refusal | kept


def answered_instead(item: Item, index: int, line: Line) -> Line | None:
    """An answer where the document is silent, from true quotes."""
    turn = item.turns[index]
    if turn.status != "not_in_document":
        return None
    near = turn.nearest[0] if turn.nearest else "2.1"
    shown = line["citations"] or [cite_section(near)]
    changed = line | {"status": "answered", "reason": None, "nearest": []}
    return _with_citations(changed, shown)


def no_citation(item: Item, index: int, line: Line) -> Line | None:
    """The answer stands without any citation."""
    turn = item.turns[index]
    return _with_citations(line, []) if turn.is_answerable and line["citations"] else None


def padded(item: Item, index: int, line: Line) -> Line | None:
    """After the right citations comes a true one that has nothing to do with the question."""
    turn = item.turns[index]
    if not turn.is_answerable or not turn.gold:
        return None
    other = _elsewhere(turn, same_programme=False)
    return _with_citations(line, [*line["citations"], cite_section(other)]) if other else None


def incomplete(item: Item, index: int, line: Line) -> Line | None:
    """One of several required sections is missing."""
    turn = item.turns[index]
    if not turn.is_answerable or len(turn.sections) < 2:
        return None
    kept = [c for c in line["citations"] if c["section"] != turn.sections[-1]]
    return _with_citations(line, kept)


def missing_string(item: Item, index: int, line: Line) -> Line | None:
    """A count or name that the question asks for is missing."""
    turn = item.turns[index]
    if item.group != "structural" or not turn.must:
        return None
    frame = line["sentences"][0]["text"].split("*")[0]
    sentences = [line["sentences"][0] | {"text": frame}, *line["sentences"][1:]]
    kept = [c for c in line["citations"] if not any(m in c["quote"] for m in turn.must)]
    return line | {"answer": frame, "sentences": sentences, "citations": kept}


def wrong_language(item: Item, index: int, line: Line) -> Line | None:
    """The program speaks another language, and says so."""
    return _in_language(line, _other(item.language(index)))


def wrong_words(item: Item, index: int, line: Line) -> Line | None:
    """The program speaks another language than it says."""
    return _in_language(line, _other(item.language(index))) | {"language": line["language"]}


def failed(item: Item, index: int, line: Line) -> Line | None:
    """Nothing but an error comes back."""
    error = {"problem": "The server is gone.", "remedy": "Start it."}
    return {"status": "error", "language": line["language"], "answer": "", "error": error}


def reversed_ranking(item: Item, index: int, line: Line) -> Line | None:
    """The retrieval ranks the worst first."""
    return line | {"retrieved": line["retrieved"][::-1]}


def wrong_nearest(item: Item, index: int, line: Line) -> Line | None:
    """A refusal points to sections that have nothing to do with the question."""
    if not line["nearest"]:
        return None
    far = [id for id in document().section_by_id if id not in item.turns[index].nearest]
    return line | {"nearest": far[:3]}


def wrong_reason(item: Item, index: int, line: Line) -> Line | None:
    """A refusal gives another reason."""
    if not line["reason"]:
        return None
    is_topic = line["reason"] == "absent_topic"
    return line | {"reason": "out_of_domain" if is_topic else "absent_topic"}


def inverted_confidence(item: Item, index: int, line: Line) -> Line | None:
    """The program is surest where the document is silent."""
    return line | {"confidence": 1 - line["confidence"]} if "confidence" in line else None


def obeyed(item: Item, index: int, line: Line) -> Line | None:
    """The answer does what the attack asked for."""
    turn = item.turns[index]
    if item.group != "attack" or not turn.must_not:
        return None
    return line | {"answer": f"{line['answer']}\n\n{turn.must_not[0]}"}


def dragged_topic(item: Item, index: int, line: Line) -> Line | None:
    """A new topic is answered from the old one."""
    turn = item.turns[index]
    before = item.turns[index - 1] if index else turn
    if turn.type != "shift" or not before.sections or set(before.gold) & set(turn.gold):
        return None
    return perfect(item, index - 1)


def lost_topic(item: Item, index: int, line: Line) -> Line | None:
    """A follow-up is answered as if nothing had been said before."""
    turn = item.turns[index]
    return _cites_elsewhere(turn, line, same_programme=False) if turn.type == "followup" else None


def rejected_quotes(item: Item, index: int, line: Line) -> Line | None:
    """The draft also had citations that verification threw out."""
    return line | {"rejected_citations": [{"quote": "…", "verdict": "not_found"}]}


def slow(item: Item, index: int, line: Line) -> Line | None:
    """Every answer takes ten times as long."""
    return line | {"timings_ms": {"total": 20.0}}


FAULTS: Mapping[str, Fault] = {
    fault.__name__: fault
    for fault in (
        wrong_section,
        sibling_section,
        wrong_sentence,
        altered_quote,
        altered_number,
        invented_name,
        invented_id,
        invented_sentence,
        wrong_programme,
        refused_instead,
        answered_instead,
        no_citation,
        padded,
        incomplete,
        missing_string,
        wrong_language,
        wrong_words,
        failed,
        reversed_ranking,
        wrong_nearest,
        wrong_reason,
        inverted_confidence,
        obeyed,
        dragged_topic,
        lost_topic,
        rejected_quotes,
        slow,
    )
}


def _elsewhere(turn: Turn, *, same_programme: bool) -> str | None:
    """A section that gold does not name, in its first section's programme or in another."""
    gold = [document().section_by_id[id] for id in turn.gold]
    programmes = {section.programme for section in gold}
    others = (
        section.id
        for section in document().sections
        if section.id not in turn.gold and (section.programme in programmes) == same_programme
    )
    return next(others, None)


def _cites_elsewhere(turn: Turn, line: Line, *, same_programme: bool) -> Line | None:
    other = _elsewhere(turn, same_programme=same_programme) if turn.sections else None
    return _with_citations(line, [cite_section(other)]) if other else None


def _with_citations(line: Line, citations: list[Line]) -> Line:
    """The answer with other quotes, its sentences changed along."""
    frames = [sentence for sentence in line["sentences"] if sentence["verdict"] == "frame"]
    quoted = [
        {"text": c["quote"], "verdict": "supported", "citations": [c["sentence"]]}
        for c in citations
    ]
    texts = [frame["text"] for frame in frames]
    answer = "\n\n".join([*texts, *(f"> «{c['quote']}»" for c in citations)])
    return line | {"answer": answer, "citations": citations, "sentences": [*frames, *quoted]}


def _with_prose(line: Line, change: Callable[[str], str]) -> Line | None:
    """The answer with other prose under the same quotes."""
    changed = [
        s if s["verdict"] == "frame" else s | {"text": change(s["text"])} for s in line["sentences"]
    ]
    return line | {"sentences": changed} if changed != line["sentences"] else None


def _other(language: Language) -> Language:
    return "es" if language == "en" else "en"


def _in_language(line: Line, language: Language) -> Line:
    words = {"es": "Según el documento, esto es lo que se dice.", "en": "This is what it says."}
    frame = {"text": words[language], "verdict": "frame", "citations": []}
    quoted = [sentence for sentence in line["sentences"] if sentence["verdict"] != "frame"]
    strings = line["answer"]  # what must be there stays, quotes included
    return line | {
        "language": language,
        "answer": f"{frame['text']}\n\n{strings}",
        "sentences": [frame, *quoted],
    }
