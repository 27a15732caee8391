"""Where words settle what is asked."""

import pytest

from rag.corpus.questions import INTENTS, Intent
from rag.domain import Language
from rag.search.annotation import KNOWN, Annotator
from rag.search.cues import CueReader, Cues
from rag.search.naming import Name
from rag.search.normalisation import clean, fold
from rag.search.overrides import is_of_one, settled
from rag.search.references import ReferenceReader
from tests.product import document

NAMES = (
    Name("pesca", "es", KNOWN, 0),
    Name("taxes", "en", KNOWN, 1),
    Name("税收", "zh", KNOWN, 1),
    Name("Fondo Monetario Internacional", "es", KNOWN, 2),
    Name("comisiones mixtas", "es", KNOWN, 3),
)
READER = CueReader(Annotator.of(NAMES, [], []))
REFERENCES = ReferenceReader(document())


def read(question: str, language: Language = "es") -> Cues:
    return READER.read(REFERENCES.read(fold(clean(question))), language)


@pytest.mark.parametrize(
    ("question", "language", "learned", "meant"),
    [
        ("¿En qué punto del programa del desarrollo está la pesca?", "es", "outline", "section_of"),
        (
            "Taxes are at what point number of the development programme?",
            "en",
            "count",
            "section_of",
        ),
        ("发展工程有几条讲税收", "zh", "count", "count"),
        ("How many points has the development programme on taxes?", "en", "count", "count"),
        ("Qual programa é o mais comprido?", "pt", "programme_of", "count"),
        ("¿En qué programa, el más largo, está la pesca?", "es", "programme_of", "programme_of"),
        ("¿En cuántas secciones se menciona la pesca?", "es", "count", "mentions"),
        ("En total, con la de pesca, ¿cuántas secciones son?", "es", "count", "count"),
        ("How many times are taxes mentioned in programme 2?", "en", "count", "mentions"),
        ("¿En cuántas secciones está el Fondo Monetario Internacional?", "es", "count", "mentions"),
        ("¿En cuántas secciones hay comisiones mixtas?", "es", "count", "mentions"),
        ("¿En cuántas secciones hay foros?", "es", "count", "count"),
        ("¿Dónde se menciona la pesca?", "es", "section_of", "mentions"),
        ("¿En qué sección se menciona la pesca?", "es", "section_of", "section_of"),
    ],
)
def test_words_settle_what_is_asked(
    question: str, language: Language, learned: Intent, meant: Intent
) -> None:
    assert settled(learned, read(question, language), ()) == meant


@pytest.mark.parametrize("kind", INTENTS)
def test_other_words_leave_what_was_learned(kind: Intent) -> None:
    assert settled(kind, read("pesca"), ()) == kind


@pytest.mark.parametrize(
    ("question", "language", "one"),
    [("¿qué sección?", "es", True), ("¿qué secciones?", "es", False), ("哪一节", "zh", True)],
)
def test_one_section_is_told_from_many(question: str, language: Language, one: bool) -> None:
    assert is_of_one(read(question, language)) == one


@pytest.mark.parametrize(
    ("question", "whole"),
    [
        ("¿Qué quiere China con el programa de la paz?", True),
        ("¿Qué dice el programa de la paz de la pesca?", False),
        ("el programa de la paz y el del desarrollo", False),
        ("los foros del programa de la paz", False),
        ("¿Qué dice de la paz?", False),
    ],
    ids=["whole", "topic", "two", "class", "no programme"],
)
def test_a_programme_named_alone_is_asked_for_as_a_whole(question: str, whole: bool) -> None:
    assert settled(None, read(question), ()) == ("overview" if whole else None)
