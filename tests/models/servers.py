"""Scripted model servers: real HTTP on loopback. The dialect here is OpenAI's, with its quirks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import shake_256
from itertools import count
from math import hypot
from threading import Event, Thread
from typing import Self

from tests.models.exchange import TOKEN, Behaviour, Chat, Failure, Message, Reply, cut, too_long
from tests.models.loopback import Json, LoopbackServer, Received, Route

__all__ = [
    "DEFAULT_CONTEXT",
    "PLAIN",
    "Json",
    "Quirks",
    "Received",
    "Route",
    "ScriptedServer",
    "embedding",
    "messages_of",
    "texts_of",
    "tokens_in",
]

DEFAULT_CONTEXT = 4096


@dataclass(frozen=True, slots=True)
class Quirks:
    """What servers of the OpenAI dialect differ in."""

    has_props: bool = False
    """`GET /props` tells the context, as llama.cpp does."""
    has_tokenize: bool = False
    """`POST /tokenize` gives the tokens of a text, as llama.cpp does."""
    has_max_model_len: bool = False
    """The list of models tells the context, as vLLM does."""
    cuts: bool = False
    """An over-long prompt is cut in silence, as Ollama's `/v1` does; else it is refused."""
    dimension: int = 8
    """Of the embeddings."""


PLAIN = Quirks()


class ScriptedServer:
    """A server of the OpenAI dialect in a thread, for as long as its context lasts."""

    chat_path: str = "/v1/chat/completions"
    stream_type: str = "text/event-stream"
    streams_unasked: bool = False
    prefix: str = "/v1"

    def __init__(
        self,
        behaviour: Behaviour,
        *,
        models: Sequence[str] = ("scripted-3b",),
        context: int | None = None,
        quirks: Quirks = PLAIN,
    ) -> None:
        self.behaviour = behaviour
        self.models = tuple(models)
        self.context = context
        self.quirks = quirks
        self.received: list[Received] = []
        """Every request, oldest first."""
        self.closing = Event()
        self._attempts = count(1)

    def __enter__(self) -> Self:
        self._http = LoopbackServer(self)
        self._thread = Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()
        self._http.hang_up()

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"http://127.0.0.1:{self._http.server_port}"

    @property
    def base_url(self) -> str:
        """What a client is configured with."""
        return self.origin + self.prefix

    def answer(self, body: Json) -> tuple[Chat, Reply] | Failure:
        """What the model saw of a chat request, and what it makes of it."""
        chat = self._admit(Chat(messages_of(body), self.chat_path, next(self._attempts)), body)
        if body.get("model") not in self.models:
            return Failure(404, f"The model `{body.get('model')}` does not exist.")
        if isinstance(chat, Failure):
            return chat
        outcome = self.behaviour(chat)
        return outcome if isinstance(outcome, Failure) else (chat, outcome)

    def _admit(self, chat: Chat, body: Json) -> Chat | Failure:
        """What of the prompt reaches the model."""
        if self.context is None or chat.prompt_tokens <= self.context:
            return chat
        if self.quirks.cuts:
            return cut(chat, self.context)
        return too_long(self.context, chat.prompt_tokens)

    def routes(self) -> Mapping[str, Route]:
        """Method and path → what answers; the chat is not among them."""
        routes: dict[str, Route] = {
            "GET /v1/models": self._models,
            "POST /v1/embeddings": self._embed,
        }
        if self.quirks.has_props:
            n_ctx = self.context or DEFAULT_CONTEXT
            routes["GET /props"] = lambda _: {"default_generation_settings": {"n_ctx": n_ctx}}
        if self.quirks.has_tokenize:
            routes["POST /tokenize"] = _tokenize
        return routes

    def _models(self, _: Json) -> Json:
        told = {"max_model_len": self.context} if self.quirks.has_max_model_len else {}
        entry = {"object": "model", "created": 0, "owned_by": "scripted", **told}
        return {"object": "list", "data": [{"id": model, **entry} for model in self.models]}

    def _embed(self, body: Json) -> Json | Failure:
        texts = texts_of(body)
        if texts is None:
            return Failure(400, "'input' field must be a string or an array of strings")
        if body.get("encoding_format", "float") != "float":
            return Failure(400, "'encoding_format' must be 'float'")
        data = [
            {"object": "embedding", "index": n, "embedding": embedding(text, self.quirks.dimension)}
            for n, text in enumerate(texts)
        ]
        tokens = sum(map(tokens_in, texts))
        usage = {"prompt_tokens": tokens, "total_tokens": tokens}
        return {"object": "list", "model": body.get("model"), "data": data, "usage": usage}

    def whole(self, body: Json, chat: Chat, reply: Reply) -> Json:
        """The reply as one body."""
        message = {"role": "assistant", "content": reply.text}
        if reply.thinking:
            message["reasoning_content"] = "".join(reply.thinking)
        choice = {"index": 0, "message": message, "finish_reason": reply.finish_reason}
        return {
            **_envelope(body, "chat.completion"),
            "choices": [choice],
            "usage": _usage(chat, reply),
        }

    def lines(self, body: Json, reply: Reply) -> Iterator[Json]:
        """The lines of the stream that carry text."""
        yield _delta(body, role="assistant", content="")
        for piece in reply.thinking:
            yield _delta(body, reasoning_content=piece)
        for piece in reply.pieces:
            yield _delta(body, content=piece)

    def last_lines(self, body: Json, chat: Chat, reply: Reply) -> Iterator[Json]:
        """The lines of the stream after the text."""
        yield _chunk(body, [{"index": 0, "delta": {}, "finish_reason": reply.finish_reason}])
        options = body.get("stream_options")
        if isinstance(options, dict) and options.get("include_usage"):
            yield {**_chunk(body, []), "usage": _usage(chat, reply)}

    def frame(self, text: str | None) -> str:
        """A line of the stream as it goes over the wire; `None` for what ends the stream."""
        return f"data: {'[DONE]' if text is None else text}\n\n"

    def error(self, failure: Failure) -> Json:
        """The body of a failure."""
        kind = "BadRequestError" if failure.status == 400 else "Error"
        told = {"message": failure.message, "type": kind, "param": None, "code": failure.status}
        return {"error": told}


def _envelope(body: Json, kind: str) -> Json:
    return {"id": "chatcmpl-1", "object": kind, "created": 0, "model": body.get("model")}


def _chunk(body: Json, choices: list[Json]) -> Json:
    return {**_envelope(body, "chat.completion.chunk"), "choices": choices}


def _delta(body: Json, **delta: str) -> Json:
    return _chunk(body, [{"index": 0, "delta": delta, "finish_reason": None}])


def _usage(chat: Chat, reply: Reply) -> Json:
    read = chat.prompt_tokens if reply.prompt_tokens is None else reply.prompt_tokens
    written = tokens_in(*reply.thinking, reply.text)
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


def _tokenize(body: Json) -> Json:
    return {"tokens": [len(token) for token in TOKEN.findall(str(body.get("content", "")))]}


def messages_of(body: Json) -> tuple[Message, ...]:
    """The messages of a chat request."""
    messages = body.get("messages")
    found = messages if isinstance(messages, list) else []
    return tuple(Message(m["role"], _text(m.get("content"))) for m in found)


def _text(content: object) -> str:
    if not isinstance(content, list):
        return str(content or "")
    return "".join(part.get("text", "") for part in content)


def tokens_in(*texts: str) -> int:
    """As many as the scripted servers count: roughly those of real tokenizers."""
    return sum(len(TOKEN.findall(text)) for text in texts)


def embedding(text: str, dimension: int) -> list[float]:
    """A vector of unit length that depends on every character, and on nothing else."""
    digest = shake_256(text.encode()).digest(2 * dimension)
    values = [int.from_bytes(digest[n : n + 2]) - 32767.5 for n in range(0, 2 * dimension, 2)]
    return [value / hypot(*values) for value in values]


def texts_of(body: Json) -> list[str] | None:
    """What an embedding is wanted of; `None` where it is no text."""
    wanted = body.get("input")
    items = wanted if isinstance(wanted, list) else [wanted]
    texts = [item for item in items if isinstance(item, str)]
    return texts if texts and len(texts) == len(items) else None
