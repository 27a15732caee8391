"""A sentence-transformers model in a folder of this machine. Nothing is ever downloaded."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from rag.errors import ModelError
from rag.models.registry import EmbeddingEntry

OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
"""Read by the libraries while they are imported."""

Encode = Callable[[list[str]], Sequence[Sequence[float]]]


def open_local(entry: EmbeddingEntry) -> Encode:
    """What turns texts into vectors by the model in the entry's folder.

    Raises:
        ModelError: the package is not installed, or the folder holds no such model.
    """
    folder = _folder(entry)
    if not folder.is_dir():
        raise _no_model(entry, folder)
    os.environ.update(OFFLINE)
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise ModelError(
            f"Para el modelo «{entry.name}» hace falta el paquete sentence-transformers.",
            remedy="Ejecute `.venv/bin/pip install -e '.[local]'`.",
        ) from error
    try:
        model = SentenceTransformer(str(folder), local_files_only=True)
    # torch, transformers and safetensors each fail in their own way on a folder that is no model.
    except Exception as error:
        raise _no_model(entry, folder) from error

    def encode(texts: list[str]) -> Sequence[Sequence[float]]:
        vectors = model.encode(texts, batch_size=entry.batch_size, show_progress_bar=False)
        rows: list[list[float]] = vectors.tolist()
        return rows

    return encode


def folder_state(entry: EmbeddingEntry) -> list[tuple[str, int, int]]:
    """Names, sizes and times of the folder's files; empty where there is no folder."""
    folder = _folder(entry)
    files = (path for path in folder.rglob("*") if path.is_file())
    found = ((path, path.stat()) for path in files)
    return sorted(
        (path.relative_to(folder).as_posix(), state.st_size, state.st_mtime_ns)
        for path, state in found
    )


def _folder(entry: EmbeddingEntry) -> Path:
    return Path(entry.model).expanduser()


def _no_model(entry: EmbeddingEntry, folder: Path) -> ModelError:
    return ModelError(
        f"En {folder} no hay un modelo de sentence-transformers que se pueda leer.",
        remedy=f"Corrija model de [embedding.{entry.name}] en models.toml: "
        "la carpeta de un modelo descargado antes.",
    )
