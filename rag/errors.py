"""The one tree of expected failures.

RagError
├── SettingsError     a setting cannot be used
├── SourceError       the document is missing, unreadable or contradicts itself
├── IndexStoreError   the index cannot be built, opened or written
├── PromptError       a prompt and its caller disagree
├── ModelError        a model server failed
├── ConversationError stored conversations cannot be opened, read or written
└── InputError        the question itself cannot be processed

Each carries the problem and the next step. They are caught at the doors only: CLI, app, evaluation.
"""


class RagError(Exception):
    """An expected failure: what is wrong, and what to do about it."""

    def __init__(self, problem: str, *, remedy: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.problem} {self.remedy}"


class SettingsError(RagError):
    """A setting has a value that cannot be used."""


class SourceError(RagError):
    """The document is missing, unreadable or contradicts itself."""


class IndexStoreError(RagError):
    """The index cannot be built, opened or written."""


class PromptError(RagError):
    """A prompt file and the code that fills it disagree."""


class ModelError(RagError):
    """A model server failed or answered nothing usable."""


class ConversationError(RagError):
    """Stored conversations cannot be opened, read or written."""


class InputError(RagError):
    """The question itself cannot be processed."""
