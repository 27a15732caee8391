"""Follow-ups on lists and sections already given: «¿cuántos?», «comparalos», «¿cuáles de esos?»."""

from dataclasses import replace

from rag.search.normalisation import content_words
from rag.search.reading import Reading
from rag.search.referring import has, without
from rag.search.referring import left as left_of
from rag.search.requests import COUNTING, LISTING, Request
from rag.search.structure import StructureReader

_PAIR = 2


class ListReader:
    """Reads them."""

    def __init__(self, structure: StructureReader) -> None:
        """Take the reader of structural questions."""
        self._structure = structure

    def counted(self, text: str, alone: Reading, previous: Reading) -> Reading | None:
        """«¿Cuántos?»: the list again, which says how many it has."""
        request = previous.request
        if request is None or request.kind not in LISTING:
            return None
        cues = self._structure.cues(text, alone.language)
        if not cues.has("count") or cues.classes or cues.named.programmes or cues.named.sections:
            return None
        rest = without("particle", without("pronoun", left_of(cues.residue)))
        if content_words(StructureReader.without_talk(rest)):
            return None
        return replace(previous, language=alone.language, context=previous.text)

    def paired(self, text: str, alone: Reading, earlier: list[Reading]) -> Reading | None:
        """«Comparalos»: the two sections or programmes that were asked about last."""
        cues = self._structure.cues(text, alone.language)
        named = cues.named.sections or cues.named.programmes
        rest = without("particle", without("pronoun", without("both", left_of(cues.residue))))
        if not cues.has("compare") or named or content_words(rest):
            return None
        asked = [reading.request for reading in earlier if reading.request]
        sections = dict.fromkeys(id_ for request in asked for id_ in request.sections)
        programmes = dict.fromkeys(n for request in asked for n in request.programmes)
        if len(sections) < _PAIR and len(programmes) < _PAIR:
            return None
        request = Request("compare", tuple(sections)[-_PAIR:])
        if len(sections) < _PAIR:
            request = Request("compare", programmes=tuple(programmes)[-_PAIR:])
        return replace(alone, request=request, context=earlier[-1].text)

    @staticmethod
    def inside(folded: str, alone: Reading, previous: Reading) -> Reading:
        """«¿Cuáles de esos?»: a list within the programme, or the section, talked about."""
        request = alone.request
        if request is None or request.programmes or request.sections:
            return alone
        if request.kind in LISTING and previous.programme and has("inner", folded):
            return replace(alone, programme=previous.programme)
        is_of_content = previous.request is None or previous.request.is_of_found
        own = (*request.hints, *request.themes)
        is_bare = request.kind in COUNTING and request.names and not own
        if is_bare and is_of_content and has("those", folded):
            wanted = Request(request.kind, names=request.names, is_of_found=True)
            context = previous.text
            return replace(previous, language=alone.language, request=wanted, context=context)
        return alone
