"""Correct cited answers, and what is made of them to try the verifier: one fault each."""

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from eval.items import DatasetError
from rag.domain import LANGUAGES, Document, Language, Sentence
from rag.search.normalisation import is_ubiquitous, words

FOLDER = Path(__file__).parent / "faults"

Part = Literal["fit", "held"]
Fault = Literal[
    "none",
    "quote",
    "invented_id",
    "quote_moved",
    "quote_altered",
    "wrong_id",
    "claim",
    "number",
    "name",
    "negation",
    "modality",
]
CORRECT: frozenset[Fault] = frozenset({"none", "quote"})
"""Nothing is wrong: a statement as it was written, and a true quote."""

INVENTED = "9.9:7"

QUOTING: Mapping[Language, str] = {
    "es": "El documento dice: «{}».",
    "en": "The document says: «{}».",
    "pt": "O documento diz: «{}».",
    "zh": "文件中写道：«{}»。",
}

ADDED: Mapping[Language, Sequence[str]] = {
    "es": (" antes de 2029", " en treinta países", " con 750 millones de dólares", " en un 45 %"),
    "en": (" by 2029", " in thirty countries", " with 750 million dollars", " by 45 percent"),
    "pt": (" até 2029", " em trinta países", " com 750 milhões de dólares", " em 45%"),
    "zh": ("，到2029年完成", "，覆盖三十个国家", "，出资750万美元", "，提高百分之四十五"),
}
"""What is added to a sentence without a number."""

MIN_LETTERS = 5
"""Of a word that is altered in a quote."""

_WORD = re.compile(r"[^\W\d_]+")
_STOP = re.compile(r"[.。!?！？]\s*$")
_DIGITS = re.compile(r"(?<![\w.,:])\d[\d.,]*\d|(?<![\w.,:])\d")


class CitedSentence(BaseModel):
    """One sentence of an answer, right as it stands, with ways to make it wrong."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str
    ids: tuple[str, ...]
    names: tuple[str, ...] = ()
    """Its proper names, as they stand in it."""
    negated: str | None = None
    strengthened: str | None = None
    claim: str | None = None
    """A sentence on the same subject that the document does not say."""


class CitedAnswer(BaseModel):
    """A correct answer, written by hand from the document."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    lang: Language
    question: str
    sentences: tuple[CitedSentence, ...]

    @property
    def part(self) -> Part:
        """The half that fixes thresholds, or the one that gives figures."""
        return "fit" if zlib.crc32(self.id.encode()) % 2 else "held"


@dataclass(frozen=True, slots=True)
class Case:
    """A statement with what it cites, and what is wrong with it."""

    answer: str
    language: Language
    part: Part
    fault: Fault
    text: str
    ids: tuple[str, ...]


def load(folder: Path = FOLDER) -> tuple[CitedAnswer, ...]:
    """All answers.

    Raises:
        DatasetError: a file is missing or not valid.
    """
    paths = [folder / f"answers_{language}.jsonl" for language in LANGUAGES]
    try:
        lines = [line for path in paths for line in path.read_bytes().splitlines()]
        return tuple(CitedAnswer.model_validate_json(line) for line in lines)
    except (OSError, ValidationError) as error:
        raise DatasetError(
            f"Las respuestas de {folder} no son válidas: {str(error).splitlines()[0]}.",
            remedy="Restáurelas con `git checkout -- eval/faults`.",
        ) from error


def cases(answers: Sequence[CitedAnswer], document: Document) -> Iterator[Case]:
    """Every statement as it stands, and once with every fault that can be planted in it.

    What is drawn is drawn from the answer's id: the same answers always give the same cases.
    """
    names = {language: _names(answers, language) for language in LANGUAGES}
    for answer in answers:
        for number, sentence in enumerate(answer.sentences):
            right = Case(answer.id, answer.lang, answer.part, "none", sentence.text, sentence.ids)
            yield right
            random = Random(f"{answer.id}:{number}")  # noqa: S311  to repeat, not to hide
            other = _elsewhere(sentence, document, random)
            yield replace(right, fault="wrong_id", ids=(other,))
            yield replace(right, fault="invented_id", ids=(INVENTED,))
            yield from _quoting(right, document.sentence_by_id[sentence.ids[0]], other, random)
            for fault, text in _altered(sentence, answer.lang, names[answer.lang], random).items():
                yield replace(right, fault=fault, text=text)


def _quoting(right: Case, source: Sentence, other: str, random: Random) -> Iterator[Case]:
    """A true quote, the same under another section, and the same with one word changed."""
    phrase = QUOTING[right.language]
    quoted = replace(right, text=phrase.format(source.text.rstrip(".")), ids=(source.id,))
    yield replace(quoted, fault="quote")
    yield replace(quoted, fault="quote_moved", ids=(other,))
    long = [m for m in _WORD.finditer(source.text) if len(m[0]) >= MIN_LETTERS]
    if long:
        word = random.choice(long)
        text = source.text[: word.start()] + word[0][::-1] + source.text[word.end() :]
        yield replace(quoted, fault="quote_altered", text=phrase.format(text.rstrip(".")))


def _altered(
    sentence: CitedSentence, language: Language, names: Sequence[str], random: Random
) -> Mapping[Fault, str]:
    found: dict[Fault, str] = {"number": _renumbered(sentence.text, language, random)}
    if own := [name for name in sentence.names if _is_telling(name)]:
        old = random.choice(own)
        others = [name for name in names if name not in old and old not in name]
        found["name"] = sentence.text.replace(old, random.choice(others))
    given: Mapping[Fault, str | None] = {
        "claim": sentence.claim,
        "negation": sentence.negated,
        "modality": sentence.strengthened,
    }
    return found | {fault: text for fault, text in given.items() if text}


def _renumbered(text: str, language: Language, random: Random) -> str:
    """The text with another number, or with one where it has none."""
    if number := _DIGITS.search(text):
        return _DIGITS.sub(_other_number(number[0], random), text, count=1)
    stop = _STOP.search(text)
    end = stop.start() if stop else len(text)
    return text[:end] + random.choice(ADDED[language]) + text[end:]


def _other_number(number: str, random: Random) -> str:
    """A number of the same length that is not it."""
    while True:
        digits = "".join(random.choice("123456789") if c.isdigit() else c for c in number)
        if digits != number:
            return digits


def _elsewhere(sentence: CitedSentence, document: Document, random: Random) -> str:
    """A sentence of another section; every second time of the same programme."""
    sections = {id_.partition(":")[0] for id_ in sentence.ids}
    programmes = {document.section_by_id[id_].programme for id_ in sections}
    others = [s for s in document.sentences if s.section not in sections]
    near = [s for s in others if document.section_by_id[s.section].programme in programmes]
    chosen: Sentence = random.choice(near if near and random.random() < 0.5 else others)
    return chosen.id


def _names(answers: Sequence[CitedAnswer], language: Language) -> Sequence[str]:
    """Names that stand in answers of a language: true ones, but of other places."""
    found = (n for a in answers if a.lang == language for s in a.sentences for n in s.names)
    return sorted({name for name in found if _is_telling(name)})


def _is_telling(name: str) -> bool:
    """Whether a name is more than the document's two parties."""
    return not all(is_ubiquitous(word) for word in words(name))
