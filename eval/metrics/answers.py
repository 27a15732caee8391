"""An answer as the contract writes it, and as nothing else: the border where it enters."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, ValidationError


class _Given(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class GivenCitation(_Given):
    """A citation as it was shown; nothing in it is trusted."""

    section: str
    programme: int | None = None
    programme_title: str | None = None
    sentence: str
    quote: str
    start: int
    end: int
    verdict: str = "verified"


class GivenSentence(_Given):
    """One sentence of an answer."""

    text: str
    verdict: str
    citations: tuple[str, ...] = ()


class GivenFailure(_Given):
    """An expected failure."""

    problem: str
    remedy: str = ""


class GivenAnswer(_Given):
    """One output line of a batch."""

    status: str
    reason: str | None = None
    language: str | None = None
    answer: str = ""
    citations: tuple[GivenCitation, ...] = ()
    sentences: tuple[GivenSentence, ...] = ()
    nearest: tuple[str, ...] = ()
    retrieved: tuple[str, ...] = ()
    rejected_citations: tuple[Mapping[str, object], ...] = ()
    checked_terms: tuple[str, ...] = ()
    confidence: float | None = Field(default=None, ge=0, le=1)
    """Probability that the document answers, where the program says one."""
    mode: str | None = None
    model: str | None = None
    fallback: Mapping[str, object] | None = None
    timings_ms: Mapping[str, float] = Field(default_factory=dict)
    tokens: int | Mapping[str, int] | None = None
    error: GivenFailure | None = None

    @property
    def is_answered(self) -> bool:
        """Whether it claims to answer."""
        return self.status == "answered"

    @property
    def first(self) -> GivenCitation | None:
        """The main citation of an answer that claims to answer."""
        return self.citations[0] if self.is_answered and self.citations else None

    @property
    def token_count(self) -> int | None:
        """Tokens in all, where a model was asked."""
        return sum(self.tokens.values()) if isinstance(self.tokens, Mapping) else self.tokens


def read(line: Mapping[str, object]) -> GivenAnswer:
    """The answer of a batch line; one that breaks the contract is an error, never left out.

    >>> read({"status": "answered", "citations": 7}).status
    'error'
    """
    try:
        return GivenAnswer.model_validate(line)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return failed(f"The answer breaks the contract: {where}: {first['msg']}.")


def failed(problem: str, remedy: str = "") -> GivenAnswer:
    """What stands for a question that brought no answer."""
    return GivenAnswer(status="error", error=GivenFailure(problem=problem, remedy=remedy))
