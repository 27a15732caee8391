"""A scripted server that speaks Ollama's own protocol: NDJSON, silent cuts, `num_ctx`."""

from collections.abc import Iterator, Mapping, Sequence

from tests.models.exchange import Behaviour, Chat, Failure, Reply, cut
from tests.models.servers import (
    DEFAULT_CONTEXT,
    Json,
    Quirks,
    Route,
    ScriptedServer,
    embedding,
    texts_of,
    tokens_in,
)

NOW = "2025-12-10T00:00:00Z"
DETAILS: Json = {"format": "gguf", "family": "llama", "families": ["llama"]}
SIZES: Json = {"parameter_size": "3.2B", "quantization_level": "Q4_K_M"}
DIGEST = "0" * 64


class ScriptedOllama(ScriptedServer):
    """An Ollama server; `context` is what the model could have, `num_ctx` what it gets.

    An over-long prompt is cut from the front, and only `prompt_eval_count` shows it. Without
    `num_ctx`, and always where that is not honoured, the model gets 4,096 tokens or `context`,
    whichever is less.
    """

    chat_path: str = "/api/chat"
    stream_type: str = "application/x-ndjson"
    streams_unasked: bool = True
    prefix: str = ""

    def __init__(
        self,
        behaviour: Behaviour,
        *,
        models: Sequence[str] = ("scripted:3b",),
        context: int | None = None,
        honours_num_ctx: bool = True,
        dimension: int = 8,
    ) -> None:
        super().__init__(
            behaviour, models=models, context=context, quirks=Quirks(dimension=dimension)
        )
        self.honours_num_ctx = honours_num_ctx

    def routes(self) -> Mapping[str, Route]:
        """Method and path → what answers; the chat is not among them."""
        return {
            "GET /api/tags": self._tags,
            "GET /api/version": lambda _: {"version": "0.13.2"},
            "POST /api/show": self._show,
            "POST /api/embed": self._vectors,
        }

    def _tags(self, _: Json) -> Json:
        entry = {"modified_at": NOW, "size": 2019393189, "digest": DIGEST}
        details = {**DETAILS, **SIZES}
        return {
            "models": [
                {"name": model, "model": model, **entry, "details": details}
                for model in self.models
            ]
        }

    def _show(self, body: Json) -> Json | Failure:
        if body.get("model") not in self.models:
            return Failure(404, f"model '{body.get('model')}' not found")
        length = self.context or DEFAULT_CONTEXT
        info = {"general.architecture": "llama", "llama.context_length": length}
        details = {**DETAILS, **SIZES}
        return {"details": details, "model_info": info, "capabilities": ["completion"]}

    def _vectors(self, body: Json) -> Json | Failure:
        texts = texts_of(body)
        if texts is None:
            return Failure(400, "invalid input type")
        vectors = [embedding(text, self.quirks.dimension) for text in texts]
        counts = {"total_duration": 1, "load_duration": 1, "prompt_eval_count": tokens_in(*texts)}
        return {"model": body.get("model"), "embeddings": vectors, **counts}

    def _admit(self, chat: Chat, body: Json) -> Chat:
        return cut(chat, self._num_ctx(body))

    def _num_ctx(self, body: Json) -> int:
        options = body.get("options")
        asked = options.get("num_ctx") if isinstance(options, dict) else None
        most = self.context or DEFAULT_CONTEXT
        if self.honours_num_ctx and isinstance(asked, int):
            return asked if self.context is None else min(asked, most)
        return min(DEFAULT_CONTEXT, most)

    def whole(self, body: Json, chat: Chat, reply: Reply) -> Json:
        """The reply as one body."""
        said = {"content": reply.text}
        if reply.thinking:
            said["thinking"] = "".join(reply.thinking)
        return {**_line(body, **said), **_closing(chat, reply)}

    def lines(self, body: Json, reply: Reply) -> Iterator[Json]:
        """The lines of the stream that carry text."""
        for piece in reply.thinking:
            yield _line(body, content="", thinking=piece)
        for piece in reply.pieces:
            yield _line(body, content=piece)

    def last_lines(self, body: Json, chat: Chat, reply: Reply) -> Iterator[Json]:
        """The line of the stream after the text."""
        yield {**_line(body, content=""), **_closing(chat, reply)}

    def frame(self, text: str | None) -> str:
        """A line of the stream as it goes over the wire; nothing ends the stream."""
        return "" if text is None else f"{text}\n"

    def error(self, failure: Failure) -> Json:
        """The body of a failure."""
        return {"error": failure.message}


def _line(body: Json, **said: str) -> Json:
    message = {"role": "assistant", **said}
    return {"model": body.get("model"), "created_at": NOW, "message": message, "done": False}


def _closing(chat: Chat, reply: Reply) -> Json:
    read = chat.prompt_tokens if reply.prompt_tokens is None else reply.prompt_tokens
    written = tokens_in(*reply.thinking, reply.text)
    durations = dict.fromkeys(("total_duration", "load_duration", "prompt_eval_duration"), 1)
    counts = {"prompt_eval_count": read, "eval_count": written, "eval_duration": 1}
    return {"done": True, "done_reason": reply.finish_reason, **durations, **counts}
