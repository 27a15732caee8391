"""What LangChain's classes are made with, so that an entry means the same to each of them."""

from typing import Any

from rag.models.registry import ChatEntry


def arguments_of(entry: ChatEntry, key: str) -> dict[str, Any]:
    """What its class is made with, the model itself left out."""
    shared: dict[str, Any] = dict(entry.options)
    if entry.temperature is not None:
        shared["temperature"] = entry.temperature
    if entry.provider == "ollama":
        return shared | _ollama(entry, key)
    if entry.provider == "openai":
        return shared | _openai(entry, key)
    address = {"base_url": entry.base_url} if entry.base_url else {}
    secret_ = {"api_key": key} if entry.key_env else {}
    return shared | address | secret_ | {"max_tokens": entry.answer_tokens}


def _ollama(entry: ChatEntry, key: str) -> dict[str, Any]:
    headers = {"headers": {"Authorization": f"Bearer {key}"}} if entry.key_env else {}
    return {
        "base_url": entry.base_url,
        "num_ctx": entry.context_tokens,
        "num_predict": entry.answer_tokens,
        "seed": entry.seed,
        "client_kwargs": _http(entry) | headers,
    }


def _openai(entry: ChatEntry, key: str) -> dict[str, Any]:
    import httpx

    return {
        **_limit(entry),
        "base_url": entry.base_url,
        "api_key": key,
        "seed": entry.seed,
        "stream_usage": True,
        "max_retries": 0,
        "use_responses_api": False,
        "timeout": httpx.Timeout(entry.first_token_seconds, connect=entry.connect_seconds),
        "http_client": httpx.Client(**_http(entry)),
    }


def _limit(entry: ChatEntry) -> dict[str, Any]:
    """The limit of the answer, by the name that the server knows.

    LangChain sends `max_tokens` as `max_completion_tokens`, as OpenAI wants it. Other servers
    pass over that name and write without end: llama.cpp#13700, llamafile#701.
    """
    limit = {"max_tokens": entry.answer_tokens}
    return limit if entry.server == "openai" else {"extra_body": limit}


def _http(entry: ChatEntry) -> dict[str, Any]:
    """No proxy of the environment, no redirect, and the entry's limits."""
    import httpx

    return {
        "trust_env": False,
        "follow_redirects": False,
        "timeout": httpx.Timeout(entry.first_token_seconds, connect=entry.connect_seconds),
    }
