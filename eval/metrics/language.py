"""Is the answer in the asker's language? Quotes stay Spanish, so only its own words count."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from eval.metrics.answers import GivenAnswer
from eval.metrics.reference import Reference
from eval.metrics.wording import plain
from rag.domain import Language

WORDS = Path(__file__).parent / "data" / "function_words.toml"

_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[^\W\d_]+")
_MARKS = "«»“”\"'‘’ "


@cache
def function_words() -> Mapping[str, frozenset[str]]:
    """Language → its frequent words; Chinese shows by its script."""
    table = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    return {language: frozenset(words.split()) for language, words in table.items()}


def language_rightness(answer: GivenAnswer, reference: Reference, due: Language) -> float:
    """1 if the answer names the due language and its own words do not speak another.

    Its own words are what remains without quotes, titles and terms of the question. For Chinese
    they must hold Han characters; among the others, none may have more function words than the
    due one. An error or a rejected question is 0.

    >>> text = "El documento lo trata en la paz."
    >>> answer = GivenAnswer(status="answered", language="en", answer=text)
    >>> language_rightness(answer, Reference("", {}), "en")
    0.0
    >>> language_rightness(answer.model_copy(update={"language": "es"}), Reference("", {}), "es")
    1.0
    """
    if answer.status not in ("answered", "not_in_document") or answer.language != due:
        return 0.0
    own = " ".join(_own_words(answer, reference))
    han = len(_HAN.findall(own))
    counted = [word.lower() for word in _WORD.findall(own)]
    if due == "zh":
        return float(han > 0 or not counted)
    if han > len(counted):
        return 0.0
    votes = {
        language: sum(word in known for word in counted)
        for language, known in function_words().items()
    }
    return float(votes[due] == max(votes.values()))


def _own_words(answer: GivenAnswer, reference: Reference) -> Iterator[str]:
    """The answer's sentences without what is quoted, a title, or an echo of the question."""
    given = [sentence.text for sentence in answer.sentences] or answer.answer.split("\n")
    foreign = [*(citation.quote for citation in answer.citations), *reference.names]
    foreign += answer.checked_terms
    for text in map(plain, given):
        if text.strip(_MARKS) in reference.source:
            continue
        for piece in foreign:
            text = text.replace(piece, " ") if piece else text
        yield text
