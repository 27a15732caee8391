"""What a question means, in its conversation."""

from dataclasses import dataclass

from rag.domain import Language
from rag.search.normalisation import content_words
from rag.search.requests import Request
from rag.search.spelling import Correction

CONTEXT = (2.0, 0.6, 0.5, 0.4, 0.3)
"""Weight of what was talked about before, by the number of the follow-up's own telling words: the
fewer it has, the more it leans on the conversation. The last holds for more."""


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
    """Whether the question names nothing by itself, so that `context` is searched for."""
    wants_more: bool = False
    """Whether further sentences on the same are wanted, not those already quoted."""
    corrections: tuple[Correction, ...] = ()
    """Words that were misspelt, and what stands in the text for them."""
    base: "Reading | None" = None
    """What was asked before it was narrowed to a programme."""

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
