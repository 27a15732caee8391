"""What a question means in its conversation, without a model."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from rag.domain import LANGUAGES, Language
from rag.search.cues import CLASS
from rag.search.normalisation import content_words, fold, is_han, stems
from rag.search.reading import Reading
from rag.search.referring import after_shift, has, parts_asking_again, without
from rag.search.referring import left as left_of
from rag.search.relisting import ListReader
from rag.search.requests import LISTING, LOCATING, SWEEPING, Request
from rag.search.scopes import Scope, ScopeReader
from rag.search.structure import StructureReader

SHORT = 3
"""Up to this many content words a question leans on the one before, unless it is complete."""

MIDDLING = 5
"""The same for a question that begins with «and» or has a pronoun; up to `SHORT` words it always
leans."""

HAN_WORD = 2
"""Characters of a Chinese word, roughly."""

_WHOLE = SWEEPING | {"overview"}
"""Requests that name a programme without narrowing what was asked before."""

IsComplete = Callable[[Reading, Reading], bool]
"""Whether a question, read alone and with its conversation, means the same by itself."""

_OF_PARTS = frozenset({"unit", "part", "programme", "structure", CLASS})
"""Cues of the document's own parts, or of a class of names."""


class FollowupReader:
    """Reads questions in the light of those before them."""

    def __init__(self, structure: StructureReader, is_complete: IsComplete) -> None:
        """Take the reader of structural questions, and what tells short ones from incomplete."""
        self._structure = structure
        self._is_complete = is_complete
        self._scopes = ScopeReader(structure)
        self._lists = ListReader(structure)

    def read(
        self, text: str, language: Language, programme: int | None, earlier: list[Reading]
    ) -> Reading:
        """The question's meaning; `earlier` holds the readings so far, oldest first."""
        alone = self._alone(after_shift(text), language, programme)
        if not earlier:
            return alone
        previous = earlier[-1]
        folded = fold(text).lstrip("¿¡«\"' ")
        left = left_of(folded)
        if has("thanks", folded) and not content_words(without("thanks", left)):
            return alone
        return (
            self._translated(folded, previous)
            or self._first(folded, left, alone, earlier)
            or self._widened(folded, alone, previous)
            or self._narrowed(text, folded, alone, previous)
            or self._lists.counted(text, alone, previous)
            or self._lists.paired(text, alone, earlier)
            or self._placed(folded, alone, previous)
            or self._more(folded, left, alone, previous)
            or self._own(folded, alone, earlier)
        )

    def _own(self, folded: str, alone: Reading, earlier: list[Reading]) -> Reading:
        """The question itself, leaning on what was said before where it has to."""
        request = alone.request
        if request and (request.is_of_event(alone.text) or self._is_bare(request, alone)):
            alone = replace(alone, request=None)
        return (
            (self._lists.inside(folded, alone, earlier[-1]) if alone.request else None)
            or self._back(folded, alone, earlier)
            or self._elliptic(folded, alone, earlier[-1])
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
    def _translated(folded: str, previous: Reading) -> Reading | None:
        """«En inglés, por favor»: the same again in another language."""
        whole = [] if has("asks", folded) else [folded]
        asking = [*whole, *parts_asking_again(folded)]
        for language in LANGUAGES:
            key = f"speak_{language}"
            if any(
                has(key, part) and not _telling([without(key, left_of(part))]) for part in asking
            ):
                return replace(previous, language=language, context=previous.text)
        return None

    def _narrowed(
        self, text: str, folded: str, alone: Reading, previous: Reading
    ) -> Reading | None:
        """«Solo los del programa de la paz»: the same, within a programme."""
        is_whole = previous.request is not None and previous.request.kind in _WHOLE
        is_of_programmes = bool(previous.programme or previous.preferred) or is_whole
        scope = self._scopes.read(text, folded, is_of_programmes=is_of_programmes)
        is_bare = self._scopes.is_bare(text, alone.language, folded)
        if len(scope.programmes) != 1:
            can_spread = is_bare or not alone.request
            return self._spread(scope, alone, previous) if can_spread else None
        is_structural = alone.request is not None and alone.request.kind in _WHOLE
        if is_structural and not is_bare and (scope.is_alone or not has("only", folded)):
            return None
        programme = scope.programmes[0]
        if not scope.is_alone:
            return self._searched_in(programme, scope.rest, folded, alone, previous)
        return replace(
            previous,
            programme=programme,
            language=alone.language,
            context=previous.topic,
            base=previous.base or previous,
            request=previous.request and previous.request.within(programme),
        )

    @staticmethod
    def _spread(scope: Scope, alone: Reading, previous: Reading) -> Reading | None:
        """«¿Y en los programas 1 y 3?», «¿y fuera del de la paz?»: the same, in several."""
        request = previous.request
        if not scope.programmes or not scope.is_alone:
            return None
        if request and request.kind in LISTING:
            request = replace(request, sections=(), programmes=scope.programmes)
        return replace(
            previous,
            programme=None,
            language=alone.language,
            preferred=scope.programmes,
            context=previous.topic,
            base=previous.base or previous,
            request=request,
        )

    @staticmethod
    def _searched_in(
        programme: int, rest: str, folded: str, alone: Reading, previous: Reading
    ) -> Reading | None:
        """«En el de la paz, solo lo de las drogas»: its own words, within a programme."""
        if not (has("only", folded) or has("connector", folded)):
            return None
        text = StructureReader.without_talk(without("only", left_of(rest)))
        request = alone.request if alone.request and alone.request.kind in LISTING else None
        return replace(
            alone,
            text=text,
            programme=programme,
            context=previous.topic,
            request=request and request.within(programme),
        )

    def _widened(self, folded: str, alone: Reading, previous: Reading) -> Reading | None:
        """«¿Y en todo el documento?»: the same, no longer within a programme."""
        request = previous.request
        is_narrow = previous.programme or (request and request.programmes)
        if not is_narrow or not self._scopes.is_whole(folded):
            return None
        base = previous.base or replace(
            previous, programme=None, request=request and replace(request, programmes=())
        )
        return replace(base, language=alone.language, context=base.text)

    @staticmethod
    def _first(folded: str, left: str, alone: Reading, earlier: list[Reading]) -> Reading | None:
        """«La primera que mencionaste»: the first topic of the conversation."""
        if not has("first", folded) or content_words(without("first", left)):
            return None
        return replace(earlier[0], language=alone.language, context=earlier[0].text)

    @staticmethod
    def _placed(folded: str, alone: Reading, previous: Reading) -> Reading | None:
        """«¿En qué programa está eso?»: the place of what was just talked about."""
        if (request := alone.request) and request.kind in LOCATING:
            is_other = request.sections or _telling(request.parts)
            if is_other or request.is_of_event(alone.text):
                return None
            return replace(previous, language=alone.language, request=Request(request.kind))
        if not has("where", folded):
            return None
        rest = StructureReader.without_talk(without("where", left_of(folded)))
        if content_words(without("pronoun", rest)):
            return None
        return replace(previous, language=alone.language, request=Request("programme_of"))

    @staticmethod
    def _more(folded: str, left: str, alone: Reading, previous: Reading) -> Reading | None:
        """«Contame más»: further sentences on the same topic."""
        if not has("more", folded):
            return None
        rest = without("pronoun", without("more", left))
        if content_words(rest):
            return None
        return replace(previous, language=alone.language, wants_more=True, request=None)

    @staticmethod
    def _back(folded: str, alone: Reading, earlier: list[Reading]) -> Reading | None:
        """«Volviendo a las becas, ¿quién las da?»: leans on the question that shares its words."""
        if not has("back", folded):
            return None
        own = set(stems(alone.text))
        by_words = max(earlier, key=lambda reading: len(own & set(stems(reading.text))))
        target = earlier[0] if has("first", folded) else by_words
        return replace(alone, context=target.text)

    def _elliptic(self, folded: str, alone: Reading, previous: Reading) -> Reading:
        """«¿Y en pesca?», «¿con qué países?»: short, or pointing back; leans on the one before."""
        if has("shift", folded):
            return alone
        folded = without("document", folded)
        words = content_words(left_of(folded))
        if not words:
            return replace(alone, context=previous.topic, is_leaning=True)
        size = sum(len(word) / HAN_WORD if is_han(word) else 1 for word in words)
        points_back = has("connector", folded) or has("pronoun", folded)
        leaning = replace(alone, context=previous.topic)
        limit = MIDDLING if points_back else SHORT
        if has("strong", folded) or (points_back and size <= SHORT):
            return leaning
        return alone if size > limit or self._is_complete(alone, leaning) else leaning

    def _is_bare(self, request: Request, alone: Reading) -> bool:
        """Whether it is for nothing in particular: «¿cuántas?», «what does it say on that?»."""
        named = (*request.sections, *request.programmes, *request.names)
        if named or _telling([request.topic, *request.parts]):
            return False
        found = self._structure.cues(alone.text, alone.language).found
        return not any(cue.name in _OF_PARTS for cue in found)


def _telling(parts: Sequence[str]) -> list[str]:
    """The parts of a topic that are more than «the five programmes» or a pronoun."""
    left = (without("belonging", without("pronoun", part)) for part in parts)
    return [part for part in left if content_words(StructureReader.without_talk(part))]
