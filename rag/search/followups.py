"""What a question means in its conversation, without a model."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.domain import LANGUAGES, Language
from rag.search.normalisation import content_words, fold, is_han, stems
from rag.search.patterns import pattern
from rag.search.structure import LOCATING, Request, StructureReader

CONTEXT = (2.0, 0.6, 0.5, 0.4, 0.3)
"""Weight of what was talked about before, by the number of the follow-up's own telling words: the
fewer it has, the more it leans on the conversation. The last holds for more."""

SHORT = 3
"""Up to this many content words a question leans on the one before."""

MIDDLING = 5
"""The same for a question that begins with «and» or has a pronoun."""

HAN_WORD = 2
"""Characters of a Chinese word, roughly."""


_WHOLE = frozenset({"count", "outline", "overview", "compare", "names"})
"""Requests that name a programme without narrowing what was asked before."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as understood in its conversation."""

    text: str
    """What is searched for."""
    language: Language
    programme: int | None = None
    request: Request | None = None
    """Where it asks about the document's structure."""
    is_strange: bool = False
    """Whether it names a programme or section that does not exist."""
    preferred: tuple[int, ...] = ()
    """Programmes that the question names in passing; their sections come first."""
    context: str = ""
    """What was talked about before, where the question leans on it."""
    is_leaning: bool = False
    """Whether the question says too little by itself, so that `context` weighs as much as it."""
    wants_more: bool = False
    """Whether further sentences on the same are wanted, not those already quoted."""

    @property
    def weight(self) -> float:
        """What the context counts beside the question's own words."""
        own = 0 if self.is_leaning else len(content_words(self.text))
        return CONTEXT[min(own, len(CONTEXT) - 1)]

    @property
    def topic(self) -> str:
        """What the question is about, for the next one to lean on."""
        return f"{self.text} {self.context}".strip()

    @property
    def is_interpreted(self) -> bool:
        """Whether it is more than what was typed."""
        return bool(self.context) or self.wants_more


class FollowupReader:
    """Reads questions in the light of those before them."""

    def __init__(self, structure: StructureReader) -> None:
        """Take the reader of structural questions."""
        self._structure = structure

    def read(
        self, text: str, language: Language, programme: int | None, earlier: list[Reading]
    ) -> Reading:
        """The question's meaning; `earlier` holds the readings so far, oldest first."""
        alone = self._alone(text, language, programme)
        request = alone.request
        if not earlier:
            return alone
        previous = earlier[-1]
        folded = fold(text).lstrip("¿¡«\"' ")
        left = _left(folded)
        if _has("thanks", folded) and not content_words(_without("thanks", left)):
            return alone
        return (
            self._translated(folded, left, previous)
            or self._first(folded, left, alone, earlier)
            or self._narrowed(text, folded, alone, previous)
            or self._placed(folded, alone, previous)
            or self._more(folded, left, alone, previous)
            or (alone if request else None)
            or self._back(folded, alone, earlier)
            or self._elliptic(folded, alone, previous)
        )

    def _alone(self, text: str, language: Language, programme: int | None) -> Reading:
        """The question without its conversation."""
        named = self._structure.named(text)
        return Reading(
            text,
            language,
            programme,
            None if named.is_strange else self._structure.read(text, language),
            is_strange=named.is_strange,
            preferred=() if named.is_by_theme else named.programmes,
        )

    @staticmethod
    def _translated(folded: str, left: str, previous: Reading) -> Reading | None:
        """«En inglés, por favor»: the same again in another language."""
        for language in LANGUAGES:
            key = f"speak_{language}"
            if _has(key, folded) and not content_words(_without(key, left)):
                return replace(previous, language=language, context=previous.text)
        return None

    def _narrowed(
        self, text: str, folded: str, alone: Reading, previous: Reading
    ) -> Reading | None:
        """«Solo los del programa de la paz»: the same, within a programme."""
        programmes, rest = self._programmes(text, folded, previous)
        if len(programmes) != 1 or (alone.request and alone.request.kind in _WHOLE):
            return None
        rest = self._structure.without_talk(_without("only", _left(rest)))
        if content_words(rest):
            if not (_has("only", folded) or _has("connector", folded)):
                return None
            return replace(alone, text=rest, programme=programmes[0], context=previous.topic)
        return replace(
            previous,
            programme=programmes[0],
            language=alone.language,
            context=previous.text,
            request=previous.request and previous.request.within(programmes[0]),
        )

    def _programmes(self, text: str, folded: str, previous: Reading) -> tuple[tuple[int, ...], str]:
        """The programmes that a follow-up names, in whatever way, and the folded rest of it."""
        programmes, rest = self._structure.programmes_in(text)
        is_of_programmes = previous.programme or (
            previous.request and previous.request.kind in _WHOLE
        )
        if not programmes and is_of_programmes and _has("one_of", folded):
            programmes = self._structure.themes(text)
            rest = _without("one_of", self._structure.without_names(text))
        if not programmes and any(_has(cue, folded) for cue in ("only", "connector", "inside")):
            return self._structure.placed_in(text)
        return programmes, rest

    @staticmethod
    def _first(folded: str, left: str, alone: Reading, earlier: list[Reading]) -> Reading | None:
        """«La primera que mencionaste»: the first topic of the conversation."""
        if not _has("first", folded) or content_words(_without("first", left)):
            return None
        return replace(earlier[0], language=alone.language, context=earlier[0].text)

    @staticmethod
    def _placed(folded: str, alone: Reading, previous: Reading) -> Reading | None:
        """«¿En qué programa está eso?»: the place of what was just talked about."""
        if (request := alone.request) and request.kind in LOCATING:
            if request.sections or _telling(request.parts):
                return None
            return replace(previous, language=alone.language, request=Request(request.kind))
        if not _has("where", folded):
            return None
        rest = StructureReader.without_talk(_without("where", _left(folded)))
        if content_words(_without("pronoun", rest)):
            return None
        return replace(previous, language=alone.language, request=Request("programme_of"))

    @staticmethod
    def _more(folded: str, left: str, alone: Reading, previous: Reading) -> Reading | None:
        """«Contame más»: further sentences on the same topic."""
        if not _has("more", folded):
            return None
        rest = _without("pronoun", _without("more", left))
        if content_words(rest):
            return None
        return replace(previous, language=alone.language, wants_more=True, request=None)

    @staticmethod
    def _back(folded: str, alone: Reading, earlier: list[Reading]) -> Reading | None:
        """«Volviendo a las becas, ¿quién las da?»: leans on the question that shares its words."""
        if not _has("back", folded):
            return None
        own = set(stems(alone.text))
        by_words = max(earlier, key=lambda reading: len(own & set(stems(reading.text))))
        target = earlier[0] if _has("first", folded) else by_words
        return replace(alone, context=target.text)

    @staticmethod
    def _elliptic(folded: str, alone: Reading, previous: Reading) -> Reading:
        """«¿Y en pesca?», «¿con qué países?»: short, or pointing back; leans on the one before."""
        if _has("shift", folded):
            return alone
        words = content_words(_left(folded))
        if not words:
            return replace(alone, context=previous.topic, is_leaning=True)
        size = sum(len(word) / HAN_WORD if is_han(word) else 1 for word in words)
        points_back = _has("connector", folded) or _has("pronoun", folded)
        if size <= SHORT or (points_back and size <= MIDDLING) or _has("strong", folded):
            return replace(alone, context=previous.topic)
        return alone


def _telling(parts: Sequence[str]) -> list[str]:
    """The parts of a topic that are more than «the five programmes» or a pronoun."""
    left = (_without("belonging", _without("pronoun", part)) for part in parts)
    return [part for part in left if content_words(StructureReader.without_talk(part))]


def _has(key: str, folded: str) -> bool:
    return pattern("followups", "refers", key).search(folded) is not None


def _without(key: str, folded: str) -> str:
    return pattern("followups", "refers", key).sub(" ", folded)


def _left(folded: str) -> str:
    """The folded text without politeness."""
    return _without("polite", folded)
