"""How far a question travels to reach a model."""

from typing import Final, Literal

from rag.models.discovery import is_loopback
from rag.models.registry import ChatEntry, EmbeddingEntry, servers
from rag.models.status import FOLDER_PROVIDER

Reach = Literal["local", "remote", "hosted"]
"""On this machine, on another one, or with a company that serves the model."""

CLOUD_MARKS: Final = ("-cloud", ":cloud")
"""Ends of the names of models that Ollama passes on to its own cloud."""


def reach_of(entry: ChatEntry | EmbeddingEntry) -> Reach:
    """Where the entry's model answers, as far as the entry tells."""
    if entry.provider == FOLDER_PROVIDER:
        return "local"
    address = entry.base_url
    if address is None or address in _hosted_addresses():
        return "hosted"
    if entry.provider == "ollama" and entry.model.endswith(CLOUD_MARKS):
        return "hosted"
    return "local" if is_loopback(address) else "remote"


def _hosted_addresses() -> set[str]:
    """Those of presets that are no server of one's own."""
    presets = servers().values()
    return {preset.base_url for preset in presets if not is_loopback(preset.base_url)}
