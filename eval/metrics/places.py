"""Did the answer point at the right part of the document?"""

from eval.items import Turn
from eval.metrics.answers import GivenAnswer
from eval.metrics.reference import Reference


def section_accuracy(turn: Turn, answer: GivenAnswer) -> float | None:
    """1 if the first citation shows a required or acceptable section; `None` without gold.

    Exact match at the first citation (accuracy@1); a refusal, an error or an answer without
    citation is 0.

    >>> from eval.metrics.answers import GivenCitation
    >>> cited = GivenCitation(section="2.5", sentence="2.5:3", quote="q", start=0, end=1)
    >>> answer = GivenAnswer(status="answered", citations=(cited,))
    >>> section_accuracy(Turn(question="q", status="answered", sections=("2.5",)), answer)
    1.0
    >>> section_accuracy(Turn(question="q", status="answered", sections=("2.4",)), answer)
    0.0
    """
    if not turn.is_answerable or not turn.sections:
        return None
    return float(answer.first is not None and answer.first.section in turn.gold)


def section_set(turn: Turn, answer: GivenAnswer) -> float | None:
    """1 if every required section is cited and none outside required and acceptable.

    required ⊆ cited ⊆ required ∪ acceptable: the strict form of `section_accuracy`.

    >>> from eval.metrics.answers import GivenCitation
    >>> one = GivenCitation(section="2.5", sentence="2.5:3", quote="q", start=0, end=1)
    >>> two = GivenCitation(section="2.4", sentence="2.4:1", quote="q", start=0, end=1)
    >>> turn = Turn(question="q", status="answered", sections=("2.5",))
    >>> section_set(turn, GivenAnswer(status="answered", citations=(one, two)))
    0.0
    """
    if not turn.is_answerable or not turn.sections:
        return None
    cited = {citation.section for citation in answer.citations}
    return float(answer.is_answered and set(turn.sections) <= cited <= set(turn.gold))


def programme_accuracy(turn: Turn, answer: GivenAnswer, reference: Reference) -> float | None:
    """1 if the programme shown for the first citation is one that a gold section belongs to.

    The front parts belong to none, which must be shown as none.

    >>> from eval.metrics.answers import GivenCitation
    >>> from eval.metrics.reference import Place
    >>> reference = Reference("abc", {"2.5": Place("2.5", 2, "Energía", False, 0, 3, 1)})
    >>> where = {"section": "2.4", "programme": 2, "sentence": "2.4:1"}
    >>> cited = GivenCitation(**where, quote="a", start=0, end=1)
    >>> turn = Turn(question="q", status="answered", sections=("2.5",))
    >>> programme_accuracy(turn, GivenAnswer(status="answered", citations=(cited,)), reference)
    1.0
    """
    if not turn.is_answerable or not turn.sections:
        return None
    expected = {reference.places[id].programme for id in turn.gold if id in reference.places}
    return float(answer.first is not None and answer.first.programme in expected)


def nearest_accuracy(turn: Turn, answer: GivenAnswer) -> float | None:
    """1 if a refusal names a section that comes closest; `None` where nothing comes close.

    >>> turn = Turn(question="q", status="not_in_document", nearest=("2.8", "2.3"))
    >>> nearest_accuracy(turn, GivenAnswer(status="not_in_document", nearest=("1.1", "2.3")))
    1.0
    """
    if turn.status != "not_in_document" or not turn.nearest:
        return None
    named = set(answer.nearest) & set(turn.nearest)
    return float(answer.status == "not_in_document" and bool(named))


def nearest_of_refusals(turn: Turn, answer: GivenAnswer) -> float | None:
    """The same for refusals alone: an answer names nothing near, and `refusal_recall` counts it.

    >>> turn = Turn(question="q", status="not_in_document", nearest=("2.8",))
    >>> nearest_of_refusals(turn, GivenAnswer(status="answered"))
    """
    is_refused = answer.status == "not_in_document"
    return nearest_accuracy(turn, answer) if is_refused else None
