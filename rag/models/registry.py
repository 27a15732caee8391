"""The one place where models are named: `models.toml`."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from rag.errors import InputError, SettingsError
from rag.settings import Settings

EXAMPLE = Path(__file__).parents[2] / "docs" / "models.example.toml"
SERVERS = Path(__file__).parent / "data" / "servers.toml"

EXTRACTIVE = "extractive"
"""The name of the mode without a model; no entry can have it."""

CORPUS = "corpus"
"""The name of the embedder that is computed from the document; no entry can have it."""

Url = Annotated[str, Field(pattern=r"^https?://[^\s/@?#]+(/[^\s@?#]*)?$")]
"""Without credentials or a query: a key stands in the environment and nowhere else."""
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
Seconds = Annotated[float, Field(gt=0, le=3600)]


class Server(BaseModel):
    """A preset: what most entries for a kind of server have in common."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    provider: str
    base_url: Url
    key: bool
    context: str
    """What to do where its context is too small."""


class _Entry(BaseModel):
    """What chat models and embedders have in common."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    server: str | None = None
    provider: str
    """As LangChain calls it."""
    model: str = Field(min_length=1)
    """As the server calls it."""
    base_url: Url | None = None
    """`None` only for a LangChain provider that knows its own address."""
    key_env: str | None = Field(default=None, pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")
    """Name of the environment variable that holds the key, never the key."""
    connect_seconds: Seconds = 3.0
    total_seconds: Seconds = 120.0

    @model_validator(mode="before")
    @classmethod
    def _preset(cls, value: object) -> object:
        """The entry, its gaps filled from its server's preset."""
        if not isinstance(value, Mapping) or "server" not in value:
            return value
        preset = servers().get(str(value["server"]))
        if preset is None:
            raise ValueError(f"server debe ser uno de {', '.join(servers())}")
        key = {"key_env": "OPENAI_API_KEY"} if preset.key else {}
        return {"provider": preset.provider, "base_url": preset.base_url} | key | dict(value)


class ChatEntry(_Entry):
    """A chat model."""

    context_tokens: int = Field(default=8192, ge=1024)
    """Length of the model's context, question and answer together."""
    answer_tokens: int = Field(default=2000, ge=64)
    """At most so many tokens of it are the answer, what a reasoning model thinks included."""
    temperature: float | None = Field(default=0.0, ge=0, le=2)
    """`None` sends none: some models of OpenAI take none."""
    seed: int | None = 7
    first_token_seconds: Seconds = 60.0
    """From the request to the first token, and between any two pieces."""
    retries: int = Field(default=2, ge=0, le=5)
    """After a failure that may pass, before anything was received."""
    context: Literal["passages", "document"] = "passages"
    """What the prompt carries: what was retrieved, or the whole document where it fits."""
    repair: bool = False
    """Whether the model is asked once to mend what is not supported."""
    rewrite: bool = False
    """Whether the model is asked to make a follow-up self-contained, beside our own reading."""
    options: dict[str, str | int | float | bool] = {}
    """Further arguments of the LangChain class."""

    @model_validator(mode="after")
    def _has_room(self) -> "ChatEntry":
        if self.answer_tokens > self.context_tokens // 2:
            raise ValueError("answer_tokens debe ser a lo sumo la mitad de context_tokens")
        return self


class EmbeddingEntry(_Entry):
    """An embedder."""

    provider: Literal["openai", "ollama", "sentence-transformers"]
    """What speaks to it; with the last, `model` is a folder."""
    query_seconds: Seconds = 20.0
    """For the vector of a question; without one in time, the answer does without."""
    dimensions: int | None = Field(default=None, ge=2)
    """What it must return; `None` takes what comes."""
    batch_size: int = Field(default=64, ge=1)
    query_prefix: str = ""
    passage_prefix: str = ""
    """What some models want before a text, such as `query: `."""

    @model_validator(mode="after")
    def _has_address(self) -> "EmbeddingEntry":
        if self.base_url is None and self.provider != "sentence-transformers":
            raise ValueError("falta base_url, o un server que la traiga")
        return self


class Registry(BaseModel):
    """Every model that was named."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    default: str = EXTRACTIVE
    """What answers where nothing else is asked for."""
    embedder: str | None = None
    """Which embedder fills the dense leg; `None` is the one computed from the corpus."""
    chat: dict[str, ChatEntry] = {}
    embedding: dict[str, EmbeddingEntry] = {}

    @model_validator(mode="before")
    @classmethod
    def _name(cls, value: object) -> object:
        """Every entry with its key as its name, and with no other."""
        if not isinstance(value, Mapping):
            return value
        named: dict[str, object] = dict(value)
        for kind in ("chat", "embedding"):
            entries = value.get(kind, {})
            if isinstance(entries, Mapping):
                named[kind] = {
                    name: {**entry, "name": name} if isinstance(entry, Mapping) else entry
                    for name, entry in entries.items()
                }
        return named

    @model_validator(mode="after")
    def _refer(self) -> "Registry":
        if EXTRACTIVE in self.chat:
            raise ValueError(f"chat.{EXTRACTIVE}: ese nombre es del modo sin modelo")
        if self.default not in self.names:
            raise ValueError(f"default debe ser uno de {', '.join(self.names)}")
        if CORPUS in self.embedding:
            raise ValueError(f"embedding.{CORPUS}: ese nombre es de los vectores del documento")
        if self.embedder is not None and self.embedder not in self.embedders:
            raise ValueError(f"embedder: no hay [embedding.{self.embedder}]")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """What `--model` takes."""
        return (EXTRACTIVE, *self.chat)

    @property
    def embedders(self) -> tuple[str, ...]:
        """What `--embedder` takes."""
        return (CORPUS, *self.embedding)

    def find(self, name: str | None) -> ChatEntry | None:
        """The model of that name, or the default one; `None` is the extractive mode.

        Raises:
            InputError: nobody named such a model.
        """
        wanted = self.default if name is None else name
        if wanted not in self.names:
            raise InputError(
                f"No se conoce el modelo «{wanted}».",
                remedy=f"Hay: {', '.join(self.names)}. Los modelos se nombran en models.toml; "
                f"{EXAMPLE.relative_to(EXAMPLE.parents[1])} muestra cómo.",
            )
        return self.chat.get(wanted)

    def find_embedder(self, name: str | None) -> EmbeddingEntry | None:
        """The embedder of that name, or the configured one; `None` is that of the document.

        Raises:
            InputError: nobody named such an embedder.
        """
        wanted = self.embedder if name is None else name
        if wanted is not None and wanted not in self.embedders:
            raise InputError(
                f"No se conocen los vectores «{wanted}».",
                remedy=f"Hay: {', '.join(self.embedders)}. Se nombran en models.toml, "
                "bajo [embedding.NOMBRE].",
            )
        return None if wanted is None else self.embedding.get(wanted)


@cache
def servers() -> Mapping[str, Server]:
    """The presets by name."""
    table = tomllib.loads(SERVERS.read_text(encoding="utf-8"))
    return {name: Server.model_validate(entry) for name, entry in table.items()}


def read(settings: Settings) -> Registry:
    """What the configured file names; without a file, nothing but the extractive mode.

    Raises:
        SettingsError: the file is missing, cannot be read or is not valid.
    """
    path = settings.models_file
    if path is None:
        return Registry()
    try:
        return Registry.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise SettingsError(
            f"No se puede leer {path}: {error.strerror or error}.",
            remedy="Corrija CINCO_MODELS, o quítelo para usar el modo extractivo.",
        ) from error
    except ValidationError as error:
        raise _invalid(path, _complaint(error)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _invalid(path, str(error)) from error


def _complaint(error: ValidationError) -> str:
    """Where the first mistake is and what it is, without what was written there."""
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    told = first["msg"].removeprefix("Value error, ")
    return f"{place}: {told}" if place else told


def _invalid(path: Path, complaint: str) -> SettingsError:
    return SettingsError(
        f"{path} no es válido: {complaint}.",
        remedy=f"Compárelo con {EXAMPLE.relative_to(EXAMPLE.parents[1])}.",
    )
