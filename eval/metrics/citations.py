"""Citation precision, recall and F1, at the level of sections.

After ALCE (Gao et al. 2023, «Enabling Large Language Models to Generate Text with Citations»); its
convention is kept that an answer without citation counts 0. ALCE asks a language model whether a
passage supports a statement; here gold labels do: a citation is right if its quote is verbatim,
stands where it says, and its section is required or acceptable.
"""

from dataclasses import dataclass

from eval.items import Turn
from eval.metrics.answers import GivenAnswer
from eval.metrics.reference import Reference


@dataclass(frozen=True, slots=True)
class CitationScores:
    """Precision, recall and their harmonic mean."""

    precision: float
    recall: float
    f1: float


def citation_scores(turn: Turn, answer: GivenAnswer, reference: Reference) -> CitationScores | None:
    """Right citations / citations; required sections rightly cited / required; 2PR / (P + R).

    `None` for a turn that the document does not answer, or that requires no section.

    >>> from eval.metrics.answers import GivenCitation
    >>> from eval.metrics.reference import Place
    >>> places = {
    ...     "1.1": Place("1.1", 1, "A", False, 0, 3, 1),
    ...     "1.2": Place("1.2", 1, "B", False, 4, 7, 1),
    ... }
    >>> reference = Reference("uno dos", places)
    >>> a = GivenCitation(section="1.1", programme=1, sentence="1.1:1", quote="uno", start=0, end=3)
    >>> b = GivenCitation(section="1.2", programme=1, sentence="1.2:1", quote="dos", start=4, end=7)
    >>> turn = Turn(question="q", status="answered", sections=("1.1",))
    >>> citation_scores(turn, GivenAnswer(status="answered", citations=(a, b)), reference)
    CitationScores(precision=0.5, recall=1.0, f1=0.666...)
    >>> citation_scores(turn, GivenAnswer(status="answered"), reference)
    CitationScores(precision=0.0, recall=0.0, f1=0.0)
    """
    if not turn.is_answerable or not turn.sections:
        return None
    if not answer.is_answered or not answer.citations:
        return CitationScores(0.0, 0.0, 0.0)
    right = [
        citation.section
        for citation in answer.citations
        if citation.section in turn.gold and reference.is_true(citation)
    ]
    precision = len(right) / len(answer.citations)
    recall = len(set(right) & set(turn.sections)) / len(turn.sections)
    total = precision + recall
    return CitationScores(precision, recall, 2 * precision * recall / total if total else 0.0)
