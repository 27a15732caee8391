"""The answer by a chat model: prompted with passages, read, and checked sentence by sentence."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from rag.answer import prompts, protocol
from rag.answer.checking import Checked, ReplyChecker
from rag.answer.frames import frame
from rag.answer.packing import LANGUAGE_NAMES, Load, Packed, Packer
from rag.answer.protocol import Reply
from rag.answer.rendering import markdown, preview, summary
from rag.domain import (
    AnswerSentence,
    Citation,
    Document,
    Language,
    Message,
    ModelTraits,
    Piece,
    SentenceVerdict,
    Usage,
)
from rag.errors import ModelError
from rag.search.language import LanguageModel

Cancelled = Callable[[], bool]
Listener = Callable[[str], None]
"""Takes the Markdown of the answer so far, whole each time."""

CUT_SHORT = 0.7
"""Share of our own count of the prompt below which a server's count says that it cut it."""

UNBACKED: tuple[SentenceVerdict, ...] = ("unsupported", "uncited")
"""Verdicts on what a model may be asked to mend."""


class ChatModel(Protocol):
    """Whatever writes a reply to messages."""

    @property
    def traits(self) -> ModelTraits:
        """Its name and limits."""

    def count(self, text: str) -> int:
        """Tokens of a text."""

    def stream(self, messages: Sequence[Message], cancelled: Cancelled) -> Iterator[Piece]:
        """The reply, piece by piece.

        Raises:
            ModelError: it failed.
        """


@dataclass(frozen=True, slots=True)
class Writer:
    """A model at work for one question."""

    model: ChatModel
    listen: Listener = lambda text: None
    cancelled: Cancelled = lambda: False


@dataclass(frozen=True, slots=True)
class ChatAnswer:
    """What a model made of a question, checked."""

    text: str
    """Markdown."""
    raw: str
    """As the model wrote it, without what it thought."""
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    rejected: tuple[Citation, ...]
    usage: Usage | None
    warnings: tuple[str, ...]
    is_refusal: bool = False
    """Whether the model says that the document does not say it."""
    failure: str | None = None
    """Why it is not to be shown as the answer, if so."""


@dataclass(frozen=True, slots=True)
class _Written:
    """A reply as it came."""

    raw: str
    usage: Usage | None = None
    is_cut: bool = False
    is_stopped: bool = False
    error: ModelError | None = None
    """Why it broke off after something had come."""


class ChatAnswerer:
    """Answers about one document with whatever model it is given."""

    def __init__(self, document: Document, checker: ReplyChecker, languages: LanguageModel) -> None:
        """Take the document, what checks replies, and what tells languages apart."""
        self._packer = Packer(document)
        self._checker = checker
        self._languages = languages

    def answer(self, load: Load, writer: Writer) -> ChatAnswer:
        """The checked answer; what makes it unfit to be shown is told in `failure`.

        Raises:
            ModelError: the model failed, or nothing of the question fits into its context.
            PromptError: a prompt file cannot be used.
        """
        model = writer.model
        packed = self._packer.pack(load, model.traits, model.count)
        if packed is None:
            raise ModelError(
                frame(load.language, "no_room"),
                remedy="Suba context_tokens en models.toml o acorte la pregunta.",
            )
        written = _write(packed.messages, writer)
        answer = self._checked(written, load, packed)
        if model.traits.repairs and _is_repairable(answer) and not written.is_stopped:
            return self._repaired(answer, load, packed, writer)
        return answer

    def _checked(self, written: _Written, load: Load, packed: Packed) -> ChatAnswer:
        reply = _reply(written)
        raw = protocol.answer_part(written.raw).strip()
        warnings = [*packed.warnings, *_notes(written, load.language, packed)]
        if not reply.statements:
            failure: str | None = _nothing(written, load.language)
            return ChatAnswer("", raw, (), (), (), written.usage, tuple(warnings), failure=failure)
        spoken = self._spoken(raw, load.language)
        checked = self._checker.check(reply, spoken)
        failure = _failure(written, reply, checked, (spoken, load.language))
        if failure is None and packed.is_repeated_by(raw):
            failure = frame(load.language, "unsupported")
        if checked.is_aligned and failure is None:
            warnings.append(frame(load.language, "aligned"))
        return ChatAnswer(
            text=markdown(reply, checked, load.language),
            raw=raw,
            sentences=(*checked.sentences, *summary(checked, load.language)),
            citations=checked.citations,
            rejected=checked.rejected,
            usage=written.usage,
            warnings=tuple(warnings),
            is_refusal=reply.is_refusal and not written.error,
            failure=failure,
        )

    def _spoken(self, raw: str, language: Language) -> Language:
        """The language that a reply is written in."""
        return self._languages.detect(raw) if raw else language

    def _repaired(
        self,
        first: ChatAnswer,
        load: Load,
        packed: Packed,
        writer: Writer,
    ) -> ChatAnswer:
        """The answer after one round of repair, if that made it better."""
        problems = "\n".join(f"- {s.text}" for s in first.sentences if s.verdict in UNBACKED)
        request = prompts.fill(
            "repair.user", problems=problems, language=LANGUAGE_NAMES[load.language]
        )
        messages = (*packed.messages, Message("assistant", first.raw), Message("user", request))
        silent = replace(writer, listen=lambda text: None)
        try:
            second = self._checked(_write(messages, silent), load, packed)
        except ModelError:
            return first
        is_loss = second.is_refusal and first.failure is None
        if second.failure or is_loss or _unbacked(second) >= _unbacked(first):
            return first
        return replace(second, warnings=(*second.warnings, frame(load.language, "repaired")))


def _write(messages: Sequence[Message], writer: Writer) -> _Written:
    """Take the reply in, telling of it whenever something whole has come."""
    raw, shown = "", ""
    usage: Usage | None = None
    is_cut = False
    error: ModelError | None = None
    try:
        for piece in writer.model.stream(messages, writer.cancelled):
            raw += piece.text
            usage, is_cut = piece.usage or usage, piece.is_cut or is_cut
            partial = preview(raw)
            if partial != shown:
                shown = partial
                writer.listen(shown)
    except ModelError as broken:
        if not raw:
            raise
        error = broken
    return _Written(raw, usage, is_cut, writer.cancelled(), error)


def _reply(written: _Written) -> Reply:
    """What was written, without a last statement that was broken off."""
    reply = protocol.read(written.raw)
    return reply.whole if written.is_stopped or written.is_cut else reply


def _notes(written: _Written, language: Language, packed: Packed) -> Iterator[str]:
    if written.is_cut:
        yield frame(language, "cut")
    if written.is_stopped:
        yield frame(language, "stopped")
    if written.usage and 0 < written.usage.prompt < CUT_SHORT * packed.tokens:
        yield frame(language, "prompt_cut", seen=str(written.usage.prompt), sent=str(packed.tokens))


def _nothing(written: _Written, language: Language) -> str:
    """Why there is no sentence to show."""
    if written.error:
        return str(written.error)
    if written.is_stopped:
        return frame(language, "stopped_early")
    if written.is_cut:
        return frame(language, "cut" if protocol.answer_part(written.raw).strip() else "spent")
    return frame(language, "silent_model")


def _failure(
    written: _Written, reply: Reply, checked: Checked, languages: tuple[Language, Language]
) -> str | None:
    """Why the reply is not to be shown; `languages` are the one spoken and the one asked for."""
    spoken, language = languages
    if written.error:
        return str(written.error)
    if reply.is_refusal:
        return None
    if spoken != language:
        return frame(language, "wrong_language")
    return None if checked.is_mostly_supported else frame(language, "unsupported")


def _is_repairable(answer: ChatAnswer) -> bool:
    return not answer.is_refusal and _unbacked(answer) > 0


def _unbacked(answer: ChatAnswer) -> int:
    return sum(s.verdict in UNBACKED for s in answer.sentences)
