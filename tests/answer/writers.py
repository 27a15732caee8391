"""Models that say what they are told, and the rooms that check them, for the tests of answers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from rag import settings
from rag.answer.chat import ChatAnswerer
from rag.answer.checking import ReplyChecker
from rag.answer.packing import Load
from rag.answer.support import SupportJudge
from rag.answer.verification import Verifier
from rag.answer.writing import Cancelled, Writer
from rag.domain import Language, Message, ModelTraits, Piece, Sentence, Usage
from rag.errors import ModelError
from rag.indexing import open_index
from rag.search.language import LanguageModel
from tests.product import assistant, document

TRAITS = ModelTraits(name="fingido", context_tokens=8192, answer_tokens=1000)
ENERGY = tuple(document().section_by_id["2.5"].sentences)
"""The sentences on energy; the third is on the sun, the fourth on the atom."""

Script = Sequence[str | Piece | ModelError]
"""What comes one after the other; an error ends it."""


@dataclass
class FakeModel:
    """Answers every request with the next script, the last one over and over."""

    scripts: Sequence[Script]
    traits: ModelTraits = TRAITS
    asked: list[tuple[Message, ...]] = field(default_factory=list)

    def count(self, text: str) -> int:
        return len(text) // 4

    def stream(self, messages: Sequence[Message], cancelled: Cancelled) -> Iterator[Piece]:
        script = self.scripts[min(len(self.asked), len(self.scripts) - 1)]
        self.asked.append(tuple(messages))
        for event in script:
            if isinstance(event, ModelError):
                raise event
            if cancelled():
                return
            yield Piece(event) if isinstance(event, str) else event


def says(*replies: str, traits: ModelTraits = TRAITS) -> FakeModel:
    """A model that says each reply in one piece."""
    return FakeModel([(reply,) for reply in replies], traits)


def counted(prompt: int) -> Piece:
    """The piece by which a server tells how much it has read."""
    return Piece("", Usage(prompt, 5))


def load(
    question: str = "¿Apoya la energía solar?",
    language: Language = "es",
    passages: tuple[Sentence, ...] = ENERGY,
    history: tuple[str, ...] = (),
) -> Load:
    return Load(question, language, passages, history)


@cache
def judge() -> SupportJudge:
    return assistant().support()


@cache
def checker() -> ReplyChecker:
    return ReplyChecker(document(), Verifier(document()), judge())


@cache
def languages() -> LanguageModel:
    return open_index(document(), settings.load()).language


@cache
def answerer() -> ChatAnswerer:
    return ChatAnswerer(document(), checker(), languages())


def writer(*replies: str) -> Writer:
    return Writer(says(*replies))
