"""Whether a structural question stands, once it is known what is found for it."""

from collections.abc import Callable
from dataclasses import replace

from rag.search.evidence import Evidence, Finder
from rag.search.reading import Reading
from rag.search.requests import LISTING, LOCATING, SEEKING, SWEEPING, Request

HOPELESS = 0.1
"""Confidence below which the place of something that the document does not name is not even looked
for (a question for a place sounds less answerable than others, and is answered by little), and
below which a question may be about the structure of another document."""

ELSEWHERE = 3.5
"""Decision value of «other document» from which on a question about structure is about that one's:
of 12 such questions all have it, of 11,000 about ours that name no part one."""

_RECITED = SWEEPING | LISTING
"""Kinds of request for which a recited sentence may be taken."""


class Placer:
    """Settles structural requests by what is found."""

    def __init__(self, finder: Finder) -> None:
        """Take what tells recited sentences."""
        self._finder = finder

    def placed(self, reading: Reading, evidence: Callable[[], Evidence]) -> Request | None:
        """The structural request, unless it asks for what the document lacks, or of another one.

        A recited sentence that names forums asks for what it says, not for all forums; no sentence
        names two programmes.

        «Which programme is that in?», «which forums are those?» get the section talked about.
        """
        request = reading.request
        if request and reading.programme and not (request.programmes or request.sections):
            request = request.within(reading.programme)
        if request and request.is_of_found:
            found, decision = evidence()
            return None if decision.is_silent else replace(request, sections=found.sections[:1])
        if request is None or self._is_recited(request, reading):
            return None
        if _is_of_another(request, evidence):
            return None
        if request.kind not in SEEKING or request.sections:
            return request
        retrieval, decision = evidence()
        is_doubtful = request.kind in LOCATING and not request.is_known
        is_hopeless = is_doubtful and decision.confidence < HOPELESS
        if decision.misquotes or (request.topic and is_hopeless):
            return None
        if request.topic or request.kind not in LOCATING:
            return request
        return replace(request, sections=retrieval.sections[:1])

    def _is_recited(self, request: Request, reading: Reading) -> bool:
        is_single = request.kind in _RECITED and len(request.programmes) <= 1
        return is_single and self._finder.recites(reading)


def _is_of_another(request: Request, evidence: Callable[[], Evidence]) -> bool:
    """Whether it asks about the structure of another document: «how many pillars has the EU's?».

    What names a programme or section of this one does not.
    """
    if request.programmes or request.sections:
        return False
    _, decision = evidence()
    is_hopeless = decision.confidence < HOPELESS
    is_of_another = decision.features["learned_reason"] > ELSEWHERE
    return is_hopeless and is_of_another and decision.reason == "other_document"
