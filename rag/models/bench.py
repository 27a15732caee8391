"""Where one chat model is tried: what it is asked, within what time, and what it replied."""

import re
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from rag.domain import Message, Piece, Usage
from rag.errors import ModelError
from rag.models import tokens
from rag.models.chat import open_chat
from rag.models.finding import spanish
from rag.models.registry import ChatEntry, servers

TEXTS = Path(__file__).parent / "data" / "checkup.toml"

_NAMES = r"think|thinking|thoughts?|reasoning|reflection|analysis"
TAGS = re.compile(rf"<(/?)(?:{_NAMES})\b[^<>]*>", re.IGNORECASE)
"""Between these some models think aloud."""

HAN = re.compile(r"[\u4e00-\u9fff]")


class Sample(BaseModel):
    """A short exchange."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    system: str
    user: str


class Canary(BaseModel):
    """A long prompt whose start must be seen."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    first: str
    filler: tuple[str, ...]
    last: str

    def prompt(self, code: str, max_tokens: int) -> str:
        """The prompt, as long as it may be; never without its first and last line."""
        first = self.first.format(code=code)
        room = max_tokens - tokens.count(f"{first}\n\n{self.last}")
        lines = [f"{line}\n" for line in self.filler]
        sizes = [tokens.count(line) for line in lines]
        rounds, room = divmod(max(room, 0), sum(sizes))
        rest = [line for n, line in enumerate(lines) if sum(sizes[: n + 1]) <= room]
        return f"{first}\n{''.join(lines * rounds + rest)}\n{self.last}"


class Texts(BaseModel):
    """What a model is asked, and how its language is told."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sample: Sample
    canary: Canary
    languages: dict[str, frozenset[str]]
    """Language → frequent words that tell it from the others."""

    def language_of(self, text: str) -> str | None:
        """The language whose words are most frequent; `None` where none clearly is."""
        if len(HAN.findall(text)) > len(text) / 4:
            return "zh"
        words = re.findall(r"\w+", text.lower())
        counts = {name: sum(word in own for word in words) for name, own in self.languages.items()}
        *_, second, most = sorted(counts.values())
        return max(counts, key=lambda name: counts[name]) if most > max(second, 1) else None


@cache
def texts() -> Texts:
    """What is asked, as data."""
    return Texts.model_validate(tomllib.loads(TEXTS.read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    raw: str
    pieces: int
    """How many carried text."""
    usage: Usage | None
    is_cut: bool
    first_seconds: float
    """Until the first text; the whole where there was none."""
    seconds: float

    @property
    def text(self) -> str:
        """Without what the model thought aloud, also where a tag lacks its partner.

        >>> Reply("quizá…</think>Sí.", 1, None, False, 0.1, 0.1).text
        'Sí.'
        """
        said = self.raw
        for tag in reversed(list(TAGS.finditer(self.raw))):
            if tag[1]:
                said = self.raw[tag.end() :]
                break
        opener = TAGS.search(said)
        return (said[: opener.start()] if opener else said).strip()

    @property
    def thinks_aloud(self) -> bool:
        """Whether its thoughts stand among what it says."""
        return TAGS.search(self.raw) is not None

    @property
    def is_spent(self) -> bool:
        """Whether it worked without saying anything: its tokens went into thinking."""
        worked = (
            self.is_cut or self.thinks_aloud or (self.usage is not None and self.usage.answer > 1)
        )
        return not self.text and worked


class Bench:
    """One model and the time that is left for trying it."""

    def __init__(self, entry: ChatEntry) -> None:
        """Start the clock."""
        self.entry = entry
        self.takes_system = True
        """Until it turns out otherwise."""
        preset = servers().get(entry.server or "")
        self.title = preset.title if preset else "El servidor"
        self.context_remedy = preset.context if preset else "Amplíe el contexto del servidor."
        self._deadline = time.monotonic() + entry.total_seconds

    @property
    def seconds_left(self) -> float:
        """How long it may still take.

        Raises:
            ModelError: nothing is left.
        """
        left = self._deadline - time.monotonic()
        if left > 0:
            return left
        raise ModelError(
            f"La prueba no cupo en {self.entry.total_seconds:g} segundos.",
            remedy="Suba total_seconds en models.toml o elija un modelo más rápido.",
        )

    def ask(self, system: str, user: str) -> Reply:
        """What the model replies.

        Raises:
            ModelError: it fails, or is too slow.
        """
        chat = open_chat(_hurried(self.entry, self.seconds_left))
        try:
            return _received(chat.stream((Message("system", system), Message("user", user))))
        finally:
            self.takes_system = not chat.joins_system
            chat.close()


def silence(entry: ChatEntry, reply: Reply) -> ModelError:
    """Why there is no text: a model that thinks too long is told apart from a dead one."""
    if reply.is_spent:
        return ModelError(
            f"Gasta sus {spanish(entry.answer_tokens)} tokens en pensar y no llega a contestar.",
            remedy="Suba answer_tokens en models.toml, o desactive el razonamiento del modelo.",
        )
    return ModelError(
        f"«{entry.model}» responde, pero no dice nada.",
        remedy="Mire el registro del servidor; pruebe otra plantilla de chat u otro modelo.",
    )


def _received(stream: Iterator[Piece]) -> Reply:
    started = time.monotonic()
    parts: list[str] = []
    usage, is_cut, first = None, False, None
    for piece in stream:
        if piece.text:
            first = first or time.monotonic()
            parts.append(piece.text)
        usage = piece.usage or usage
        is_cut = is_cut or piece.is_cut
    ended = time.monotonic()
    waited = (first or ended) - started
    return Reply("".join(parts), len(parts), usage, is_cut, waited, ended - started)


def _hurried(entry: ChatEntry, seconds: float) -> ChatEntry:
    """The entry, no limit of it longer than what is left."""
    limits = ("connect_seconds", "first_token_seconds", "total_seconds")
    return entry.model_copy(update={name: min(getattr(entry, name), seconds) for name in limits})
