"""Which part of the document a follow-up narrows to, or that it widens to the whole again."""

from dataclasses import dataclass

from rag.domain import Language
from rag.search.cues import CLASS
from rag.search.normalisation import content_words
from rag.search.referring import has, without
from rag.search.structure import StructureReader

_STRUCTURAL = frozenset({"overview", "structure", "unit", "list", "count", "compare", CLASS})
"""Cues of a question that is complete without the one before."""

_TALK = ("only", "whole", "connector", "pronoun", "polite", "particle", "outside")


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of the document, and what else the follow-up says."""

    programmes: tuple[int, ...]
    rest: str
    """Folded."""

    @property
    def is_alone(self) -> bool:
        """Whether it says nothing else."""
        return not content_words(StructureReader.without_talk(_without_talk(self.rest)))


class ScopeReader:
    """Reads the scope of follow-ups."""

    def __init__(self, structure: StructureReader) -> None:
        """Take the reader of structural questions."""
        self._structure = structure

    def read(self, text: str, folded: str, *, is_of_programmes: bool) -> Scope:
        """The programmes that a follow-up names, in whatever way, and the folded rest of it.

        `is_of_programmes`: the question before was asked of programmes.
        """
        programmes, rest = self._structure.programmes_in(text)
        if not programmes and is_of_programmes:
            named = self._structure.without_names(text)
            scope = Scope(self._structure.themes(text), without("one_of", named))
            if scope.programmes and (has("one_of", folded) or scope.is_alone):
                return scope
        # «¿Y el segundo?» is the second of whatever was talked about.
        cues = ("only", "inside", "connector") if is_of_programmes else ("only", "inside")
        if not programmes and any(has(cue, folded) for cue in cues):
            return Scope(*self._structure.placed_in(text))
        return Scope(programmes, rest)

    def is_bare(self, text: str, language: Language, folded: str) -> bool:
        """Whether it does no more than narrow: «solo programa de la paz», 文明工程单独给我."""
        if not any(has(cue, folded) for cue in ("only", "connector", "inside", "outside")):
            return False
        found = self._structure.cues(without("only", text.casefold()), language).found
        return not any(cue.name in _STRUCTURAL for cue in found)

    @staticmethod
    def is_whole(folded: str) -> bool:
        """Whether it does no more than widen: «¿y en todo el documento?»."""
        return has("whole", folded) and Scope((), folded).is_alone


def _without_talk(folded: str) -> str:
    for key in _TALK:
        folded = without(key, folded.strip(" ¿¡,.?!"))
    return folded
