"""Do the numbers and names of an answer stand in what it cites?

Checked in every sentence that is not the program's own frame, against the quotes that this very
sentence cites (a number or name may come from the breadcrumb of a cited section as well). Sentences
without citation ground nothing.
"""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Sequence, Set
from functools import cache
from pathlib import Path

from eval.metrics.answers import GivenAnswer, GivenCitation, GivenSentence
from eval.metrics.reference import Reference
from eval.metrics.wording import fold, plain, words

EXONYMS = Path(__file__).parent / "data" / "exonyms.toml"

_ID = re.compile(r"\[[^\[\]\s]*:\d+\]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_PERCENT = re.compile(r"(\d)\s*(?:%|por ciento|por cento|per ?cent)")
_LATIN_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_SENTENCE_END = re.compile(r"[.!?:;…。！？：\n]\s*[\"“”«»‘’(\[—–-]*\s*$")
_COMMON_PREFIX = 5


def numbers_grounded(answer: GivenAnswer, reference: Reference) -> float | None:
    """Share of the numbers, years and percentages that stand in the cited quotes.

    >>> cited = GivenCitation(section="I", sentence="I:1", quote="en 2008 y 2016", start=0, end=14)
    >>> said = GivenSentence(text="Fue en 2008 y 2017.", verdict="supported", citations=("I:1",))
    >>> answer = GivenAnswer(status="answered", citations=(cited,), sentences=(said,))
    >>> numbers_grounded(answer, Reference("", {}))
    0.5
    """
    return _share(answer, reference, numbers, lambda ground: set(numbers(ground)).__contains__)


def names_grounded(answer: GivenAnswer, reference: Reference) -> float | None:
    """Share of the capitalised names that stand in the cited quotes, compared without accents.

    The first word of a sentence counts only if it is an acronym. Outside Spanish a name may be a
    translation: listed in `data/exonyms.toml`, or five letters in common.

    >>> cited = GivenCitation(section="I", sentence="I:1", quote="China y Cuba", start=0, end=12)
    >>> said = GivenSentence(text="Para China y Huawei.", verdict="supported", citations=("I:1",))
    >>> given = {"citations": (cited,), "sentences": (said,), "language": "es"}
    >>> answer = GivenAnswer(status="answered", **given)
    >>> names_grounded(answer, Reference("", {}))
    0.5
    """
    is_spanish = answer.language == "es"

    def judge(ground: str) -> Callable[[str], bool]:
        there = set(words(ground))
        return lambda name: _stands(name, there, is_spanish=is_spanish)

    return _share(answer, reference, names, judge)


def numbers(text: str) -> list[str]:
    """The numbers in the text; a percentage keeps its sign.

    >>> numbers("En 2008, el 3,5 por ciento [2.5:3] de ２０")
    ['2008', '3,5%', '20']
    """
    folded = unicodedata.normalize("NFKC", _ID.sub(" ", text)).casefold()
    marked = _PERCENT.sub(r"\1%", folded)
    found = (match for match in _NUMBER.finditer(marked))
    return [m.group() + ("%" if marked[m.end() : m.end() + 1] == "%" else "") for m in found]


def names(text: str) -> list[str]:
    """The capitalised words in Latin script that are not there because a sentence begins.

    >>> names("Apoya el Foro China-ALC. Continuar así. La ONU y Xi Jinping. OEA")
    ['Foro', 'China-ALC', 'ONU', 'Xi', 'Jinping', 'OEA']
    """
    clean = _ID.sub(" ", text)
    return [match.group() for match in _LATIN_WORD.finditer(clean) if _is_name(match, clean)]


def _is_name(match: re.Match[str], text: str) -> bool:
    word = match.group()
    if not word[0].isupper() or not _LATIN.match(word) or len(word) < 2:
        return False
    before = text[: match.start()]
    is_initial = not before.strip(' "“”«»‘’([—–-') or _SENTENCE_END.search(before)
    return not is_initial or word[:2].isupper()


def _share(
    answer: GivenAnswer,
    reference: Reference,
    tokens: Callable[[str], list[str]],
    judge: Callable[[str], Callable[[str], bool]],
) -> float | None:
    """The share of tokens that stand in what their sentence cites, as `judge` made for it says."""
    if not answer.is_answered:
        return None
    verdicts = [
        stands(token)
        for sentence in answer.sentences
        if sentence.verdict != "frame"
        for stands in [judge(_ground(sentence, answer.citations, reference))]
        for token in tokens(plain(sentence.text))
    ]
    return sum(verdicts) / len(verdicts) if verdicts else None


def _ground(
    sentence: GivenSentence, citations: Sequence[GivenCitation], reference: Reference
) -> str:
    """What the sentence cites: quotes, and ids and titles of their sections and programmes."""
    cited = [citation for citation in citations if citation.sentence in sentence.citations]
    places = [reference.places[c.section] for c in cited if c.section in reference.places]
    titles = [f"{place.id} {place.id.replace('.', ' ')} {place.title}" for place in places]
    titles += [reference.programmes.get(place.programme or 0, "") for place in places]
    return "\n".join([*(citation.quote for citation in cited), *titles])


def _stands(name: str, there: Set[str], *, is_spanish: bool) -> bool:
    return all(
        part in there or (not is_spanish and _is_translation(part, there))
        for part in words(name.replace("’", " "))
        if part != "s"
    )


def _is_translation(word: str, there: Set[str]) -> bool:
    if len(word) >= _COMMON_PREFIX and any(w.startswith(word[:_COMMON_PREFIX]) for w in there):
        return True
    return any(w.startswith(stem) for stem in _exonyms().get(word, ()) for w in there)


@cache
def _exonyms() -> dict[str, tuple[str, ...]]:
    """Folded word → folded beginnings of the Spanish words that it may translate."""
    table = tomllib.loads(EXONYMS.read_text(encoding="utf-8"))
    return {fold(word): tuple(fold(stem) for stem in stems) for word, stems in table.items()}
