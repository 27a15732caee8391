"""A follow-up made self-contained by a model: one more hint for the search, beside our own."""

from collections.abc import Sequence
from dataclasses import replace

from rag.answer import prompts, thoughts
from rag.answer.packing import MAX_HISTORY, fenced
from rag.answer.writing import Writer
from rag.domain import Message, Question
from rag.errors import ModelError
from rag.search.normalisation import clean
from rag.search.reading import Reading

MAX_CHARACTERS = 300
"""A longer reply is no question."""


def rewritten(reading: Reading, history: Sequence[Question], writer: Writer) -> Reading:
    """The reading with the model's wording added to what the question leans on.

    It stays as it was where there is no conversation, the model fails, or repeats the question.

    Raises:
        PromptError: a prompt file cannot be used.
    """
    if not history or not writer.model.traits.rewrites:
        return reading
    earlier = "\n".join(f"- {fenced(question.text)}" for question in history[-MAX_HISTORY:])
    messages = (
        Message("system", prompts.fill("rewrite.system")),
        Message(
            "user", prompts.fill("rewrite.user", history=earlier, question=fenced(reading.text))
        ),
    )
    try:
        raw = "".join(piece.text for piece in writer.model.stream(messages, writer.cancelled))
    except ModelError:
        return reading
    question = clean(thoughts.answer_part(raw)).strip('"«»“” ')
    is_usable = 0 < len(question) <= MAX_CHARACTERS and question != reading.text
    if writer.cancelled() or not is_usable:
        return reading
    return replace(reading, context=f"{reading.context} {question}".strip())
