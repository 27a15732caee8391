"""From what was typed to what is meant: language, structure, conversation."""

from collections.abc import Sequence
from dataclasses import replace

from rag.domain import Document, Question
from rag.errors import InputError
from rag.search.followups import FollowupReader, IsComplete
from rag.search.index import Index
from rag.search.normalisation import clean, words
from rag.search.reading import Reading
from rag.search.structure import StructureReader

MAX_QUESTION = 4000
"""Characters of a question."""

MAX_HISTORY = 12
"""Earlier questions that are looked at."""


class Understanding:
    """Reads the questions of a conversation about one document."""

    def __init__(self, document: Document, index: Index, is_complete: IsComplete) -> None:
        """Take the document for its programmes, and the models that were learned with its index."""
        self._programmes = document.programme_by_number
        self._languages = index.language
        self._speller = index.speller
        self._followups = FollowupReader(
            StructureReader(document, index.annotator, index.intents), is_complete
        )

    def read(self, question: Question, history: Sequence[Question] = ()) -> Reading:
        """What the question means after the earlier ones, oldest first.

        Raises:
            InputError: there is nothing to go on, too much, or a programme that does not exist.
        """
        text = self._checked(question)
        readings: list[Reading] = []
        for earlier in history[-MAX_HISTORY:]:
            if usable := clean(earlier.text[:MAX_QUESTION]):
                readings.append(self._read(earlier, usable, readings))
        return self._read(question, text, readings)

    def _read(self, question: Question, text: str, earlier: list[Reading]) -> Reading:
        language = question.language or self._languages.detect(text)
        mended, corrections = self._speller.mend(text, language)
        mended = mended[:MAX_QUESTION]
        reading = self._followups.read(mended, language, question.programme, earlier)
        return replace(reading, corrections=corrections) if corrections else reading

    def _checked(self, question: Question) -> str:
        if len(question.text) > MAX_QUESTION:
            raise InputError(
                f"La pregunta tiene {len(question.text)} caracteres; el límite es {MAX_QUESTION}.",
                remedy="Acórtela o divídala en varias.",
            )
        text = clean(question.text)
        if not words(text):
            raise InputError(
                "La pregunta no contiene palabras.",
                remedy="Escriba qué quiere saber del documento.",
            )
        if question.programme is not None and question.programme not in self._programmes:
            known = ", ".join(map(str, self._programmes))
            raise InputError(
                f"No existe el programa {question.programme}.", remedy=f"Elija uno de {known}."
            )
        return text
