"""A document of three sections that can be checked by hand."""

from typing import Any

from eval.items import Turn
from eval.metrics.answers import GivenAnswer, read
from eval.metrics.reference import Reference

SOURCE = "Uno. Dos de 2008. (1) Pesca. La pesca crece. (2) Minas. Las minas de China."
"""
I    0–17   «Uno.» «Dos de 2008.», its heading lost
1.1 18–44   «(1) Pesca.» is the heading, «La pesca crece.» its sentence
1.2 45–75   «(2) Minas.», «Las minas de China.»
"""

OUTLINE = {
    "programmes": [{"number": 1, "title": "Programa del mar"}],
    "sections": [
        {
            "id": id,
            "programme": programme,
            "title": title,
            "restored": restored,
            "start": start,
            "end": end,
            "sentences": sentences,
        }
        for id, programme, title, restored, start, end, sentences in (
            ("I", None, "Números", True, 0, 17, 2),
            ("1.1", 1, "Pesca", False, 18, 44, 1),
            ("1.2", 1, "Minas", False, 45, 75, 1),
        )
    ],
}

Line = dict[str, Any]
"""A citation of the contract."""

REFERENCE = Reference.of(OUTLINE, SOURCE)


def cited(sentence: str, quote: str, **changes: object) -> Line:
    """A citation that is right unless changed."""
    section = sentence.split(":")[0]
    start = SOURCE.index(quote) if quote in SOURCE else 0
    programme = REFERENCE.places[section].programme if section in REFERENCE.places else None
    return {
        "section": section,
        "programme": programme,
        "programme_title": "Programa del mar" if programme else None,
        "sentence": sentence,
        "quote": quote,
        "start": start,
        "end": start + len(quote),
        **changes,
    }


FISH = cited("1.1:1", "La pesca crece.")
MINES = cited("1.2:1", "Las minas de China.")
NUMBERS = cited("I:2", "Dos de 2008.")


def answer(*citations: Line, **fields: object) -> GivenAnswer:
    """An answer in Spanish with these citations, each quoted in a sentence."""
    sentences = [
        {"text": c["quote"], "verdict": "supported", "citations": [c["sentence"]]}
        for c in citations
    ]
    line: Line = {"status": "answered", "language": "es"}
    line |= {"citations": citations, "sentences": sentences}
    return read(line | fields)


def due(*sections: str, **fields: object) -> Turn:
    """A turn that the document answers in these sections."""
    line = {"question": "q", "status": "answered", "sections": sections}
    return Turn.model_validate(line | fields)


def silent(**fields: object) -> Turn:
    """A turn that the document does not answer."""
    return Turn.model_validate({"question": "q", "status": "not_in_document"} | fields)


REFUSAL = answer(status="not_in_document")
ERROR = answer(status="error")
