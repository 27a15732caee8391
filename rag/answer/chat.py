"""The answer by a chat model: prompted with passages, read, and checked sentence by sentence."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rag.answer import prompts, thoughts
from rag.answer.checking import Checked, ReplyChecker
from rag.answer.frames import frame
from rag.answer.packing import LANGUAGE_NAMES, Load, Packed, Packer, load_of, room
from rag.answer.protocol import Reply
from rag.answer.rendering import markdown, summary
from rag.answer.rewriting import rewritten
from rag.answer.speech import spoken_in
from rag.answer.writing import Writer, Written, notes, nothing, write
from rag.domain import (
    AnswerSentence,
    Citation,
    Document,
    Language,
    Message,
    Question,
    Usage,
)
from rag.errors import ModelError
from rag.search.language import LanguageModel
from rag.search.reading import Reading
from rag.search.retrieval import Retrieval


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


class ChatAnswerer:
    """Answers about one document with whatever model it is given."""

    def __init__(self, document: Document, checker: ReplyChecker, languages: LanguageModel) -> None:
        """Take the document, what checks replies, and what tells languages apart."""
        self._document = document
        self._packer = Packer(document)
        self._checker = checker
        self._languages = languages

    def respond(
        self,
        reading: Reading,
        history: Sequence[Question],
        writer: Writer,
        search: Callable[[Reading], Retrieval],
    ) -> tuple[ChatAnswer, Reading, Retrieval]:
        """The checked answer, with the question as the model widened it and what was found for it.

        Raises:
            ModelError: the model failed, or nothing of the question fits into its context.
            PromptError: a prompt file cannot be used.
        """
        wider = rewritten(reading, history, writer)
        found = search(wider)
        load = load_of(self._document, wider, found, history)
        return self.answer(load, writer), wider, found

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
        written = write(packed.messages, writer)
        answer = self._checked(written, load, packed)
        if model.traits.repairs and _is_repairable(answer) and not written.is_broken:
            return self._repaired(answer, load, packed, writer)
        return answer

    def _checked(self, written: Written, load: Load, packed: Packed) -> ChatAnswer:
        reply = written.reply
        raw = thoughts.answer_part(written.raw).strip()
        warnings = [*packed.warnings, *notes(written, load.language, packed)]
        if not reply.statements:
            failure: str | None = nothing(written, load.language)
            return ChatAnswer("", raw, (), (), (), written.usage, tuple(warnings), failure=failure)
        spoken = spoken_in(reply, load.language, self._languages)
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

    def _repaired(
        self,
        first: ChatAnswer,
        load: Load,
        packed: Packed,
        writer: Writer,
    ) -> ChatAnswer:
        """The answer after one round of repair, if that made it better."""
        problems = "\n".join(f"- {s.text}" for s in first.sentences if not s.is_backed)
        request = prompts.fill(
            "repair.user", problems=problems, language=LANGUAGE_NAMES[load.language]
        )
        messages = (*packed.messages, Message("assistant", first.raw), Message("user", request))
        tokens = sum(writer.model.count(message.text) for message in messages)
        if tokens > room(writer.model.traits):
            return first
        try:
            again = write(messages, replace(writer, listen=lambda text: None))
        except ModelError:
            return first
        second = self._checked(again, load, packed)
        is_loss = again.is_broken or (second.is_refusal and first.failure is None)
        if second.failure or is_loss or _unbacked(second) >= _unbacked(first):
            return first
        return replace(second, warnings=(*second.warnings, frame(load.language, "repaired")))


def _failure(
    written: Written, reply: Reply, checked: Checked, languages: tuple[Language, Language]
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
    return sum(not sentence.is_backed for sentence in answer.sentences)
