"""Questions about an altered copy whose only right answers are the altered facts."""

import re
from collections.abc import Iterator, Mapping
from itertools import chain

from eval.items import Item, Turn
from eval.metrics.wording import fold
from eval.mutants import Mutant
from rag.domain import Document, Section

KINDS = ("number", "name", "swapped")
"""What was altered; an item's id says it: `mu-number-3`."""

SIDE_WORDS = 16
"""How many words on either side of a fact a question repeats."""

_MARGIN = " ,;:.()«»“”…"


def items_of(mutant: Mutant) -> tuple[Item, ...]:
    """A question for every altered sentence and moved subsection that can be asked about."""
    asked = {
        "number": _about_facts(mutant.document, mutant.numbers),
        "name": _about_facts(mutant.document, mutant.names),
        "swapped": chain.from_iterable(
            _about_place(mutant.document, mutant.document.section_by_id[id_])
            for id_ in mutant.moved
        ),
    }
    return tuple(
        Item(id=f"mu-{kind}-{number}", lang="es", kind="detail", turns=(turn,))
        for kind, turns in asked.items()
        for number, turn in enumerate(turns, start=1)
    )


def kind_of(item: Item) -> str:
    """What was altered."""
    return item.id.split("-")[1]


def _about_facts(document: Document, new: Mapping[str, str]) -> Iterator[Turn]:
    """What does the document say about the words around the fact? The answer must hold the fact."""
    folded = fold(document.source)
    for sentence in document.sentences:
        facts = {old: word for old, word in new.items() if _position(sentence.text, word) >= 0}
        if not facts:
            continue
        first = next(iter(facts.values()))
        yield Turn(
            question=f"¿Qué dice el documento sobre esto: {_around(sentence.text, first)}?",
            status="answered",
            sections=(sentence.section,),
            evidence=(sentence.text,),
            must=(first,),
            must_not=tuple(old for old in facts if fold(old) not in folded),
        )


def _about_place(document: Document, section: Section) -> Iterator[Turn]:
    """Where does the topic stand, and what does its first sentence say? Both have moved."""
    programme = document.programme_of(section)
    first = section.sentences[0]
    yield Turn(
        question=f"¿En qué programa está «{section.title}»?",
        status="answered",
        sections=(section.id,),
        must=(programme.title,) if programme else (),
    )
    yield Turn(
        question=f"¿Qué dice el documento sobre esto: {_words(first.text, 2 * SIDE_WORDS)}?",
        status="answered",
        sections=(section.id,),
        evidence=(first.text,),
    )


def _around(text: str, fact: str) -> str:
    """The words beside the fact, which is left out."""
    start = _position(text, fact)
    before = " ".join(text[:start].split()[-SIDE_WORDS:])
    return f"{before} … {_words(text[start + len(fact) :], SIDE_WORDS)}".strip(_MARGIN)


def _words(text: str, count: int) -> str:
    return " ".join(text.split()[:count]).strip(_MARGIN)


def _position(text: str, word: str) -> int:
    found = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)
    return found.start() if found else -1
