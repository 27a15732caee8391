"""Does it refuse where the document is silent, and only there?"""

from eval.items import Turn
from eval.metrics.answers import GivenAnswer

REASONS = {
    "absent_topic",
    "absent_detail",
    "false_premise",
    "other_document",
    "out_of_domain",
    "greeting",
}


def refusal_recall(turn: Turn, answer: GivenAnswer) -> float | None:
    """1 if a question that the document does not answer is refused; the mean is the recall.

    Refused means `not_in_document`; an error or a rejected question is no refusal.

    >>> silent = Turn(question="q", status="not_in_document")
    >>> refusal_recall(silent, GivenAnswer(status="not_in_document"))
    1.0
    >>> refusal_recall(silent, GivenAnswer(status="error"))
    0.0
    """
    if turn.status != "not_in_document":
        return None
    return float(answer.status == "not_in_document")


def refusal_precision(turn: Turn, answer: GivenAnswer) -> float | None:
    """Of a refusal: 1 if the document is indeed silent; the mean over refusals is the precision.

    >>> answered = Turn(question="q", status="answered")
    >>> refusal_precision(answered, GivenAnswer(status="not_in_document"))
    0.0
    """
    if turn.status is None or answer.status != "not_in_document":
        return None
    return float(turn.status == "not_in_document")


def false_refusal(turn: Turn, answer: GivenAnswer) -> float | None:
    """1 if a question that the document answers is refused or rejected; lower is better.

    >>> false_refusal(Turn(question="q", status="answered"), GivenAnswer(status="answered"))
    0.0
    """
    if not turn.is_answerable:
        return None
    return float(answer.status in ("not_in_document", "rejected"))


def reason_accuracy(turn: Turn, answer: GivenAnswer) -> float | None:
    """1 if the refusal gives the reason that the question was written for.

    >>> turn = Turn(question="q", type="greeting", status="not_in_document")
    >>> reason_accuracy(turn, GivenAnswer(status="not_in_document", reason="absent_topic"))
    0.0
    """
    if turn.status != "not_in_document" or turn.type not in REASONS:
        return None
    return float(answer.status == "not_in_document" and answer.reason == turn.type)
