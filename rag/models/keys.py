"""Keys of model servers: read where they are needed, and kept nowhere."""

from rag.errors import ModelError
from rag.models.registry import ChatEntry, EmbeddingEntry
from rag.settings import secret

LOCAL_KEY = "not-needed"
"""Clients want a key that is not empty, also for servers that want none."""


def key_of(entry: ChatEntry | EmbeddingEntry) -> str:
    """The key that the entry's variable holds; a stand-in where it names none.

    Raises:
        ModelError: the variable is not set.
        SettingsError: `.env` cannot be read.
    """
    if entry.key_env is None:
        return LOCAL_KEY
    if key := secret(entry.key_env):
        return key
    raise ModelError(
        f"Falta la clave del modelo «{entry.name}»: {entry.key_env} no está definida.",
        remedy=f"Defina {entry.key_env} en el entorno o en .env.",
    )
