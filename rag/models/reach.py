"""How far a question travels to reach a model."""

from typing import Final, Literal

from rag.models.discovery import is_loopback
from rag.models.registry import ChatEntry, EmbeddingEntry, Server, servers
from rag.models.status import FOLDER_PROVIDER

Reach = Literal["local", "remote", "hosted"]
"""On this machine, on another one, or with a company that serves the model."""

CLOUD_MARKS: Final = ("-cloud", ":cloud")
"""Ends of the names of models that Ollama passes on to its own cloud."""


def reach_of(entry: ChatEntry | EmbeddingEntry) -> Reach:
    """Where the entry's model answers, as far as the entry tells."""
    if entry.provider == FOLDER_PROVIDER:
        return "local"
    if entry.base_url is None or _company(entry):
        return "hosted"
    if entry.provider == "ollama" and entry.model.endswith(CLOUD_MARKS):
        return "hosted"
    return "local" if is_loopback(entry.base_url) else "remote"


def company_of(entry: ChatEntry | EmbeddingEntry) -> str:
    """Who serves a hosted model, as people call it where we know."""
    preset = _company(entry) or servers().get(entry.server or "")
    return preset.title if preset else entry.provider


def _company(entry: ChatEntry | EmbeddingEntry) -> Server | None:
    """The preset of the entry's address, where that is no server of one's own."""
    hosted = (preset for preset in servers().values() if not is_loopback(preset.base_url))
    return next((preset for preset in hosted if preset.base_url == entry.base_url), None)
