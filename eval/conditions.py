"""What a run depends on: only a run with the same conditions is continued."""

import json
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from pydantic import BaseModel, ConfigDict

import rag
from eval.items import Item
from eval.selection import Selection
from eval.subject import Subject
from rag.contract import dumps
from rag.models.registry import CORPUS
from rag.settings import Settings

ROOT = Path(rag.__file__).parent.parent

_CODE = (".py", ".toml", ".md", ".txt")
_SECRET = ("key", "secret", "token", "password", "url")
_OF_THE_APP = {"evaluation"}
"""Settings that only decide what the app shows: with another value, a run is still gone on with."""


class Conditions(BaseModel):
    """Everything that can change an answer or its grade."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str
    embedder: str = CORPUS
    """What filled the dense leg; the index says with which vectors."""
    entry: str | None = None
    """Digest of the model's entry; `None` in the extractive mode."""
    commit: str | None
    """A trailing `+` says that files were changed since; `None` outside a checkout."""
    code: str
    """Digest of the product's code, data and prompts."""
    document: str
    """sha256 of the source file."""
    index: str
    dataset: str
    """Digest of the questions that are asked, with their gold."""
    selection: Selection
    settings: Mapping[str, str | None]

    @property
    def answerer(self) -> str:
        """What answered, as people name it: the model, and the embedder if it is a foreign one."""
        return self.model if self.embedder == CORPUS else f"{self.model} + {self.embedder}"


def conditions(
    subject: Subject,
    settings: Settings,
    items: Sequence[Item],
    *,
    model: str,
    selection: Selection,
) -> Conditions:
    """The conditions of a run that asks the subject these items."""
    return Conditions(
        model=model,
        commit=commit(),
        code=code_digest(),
        document=subject.document.sha256,
        index=subject.index_fingerprint,
        dataset=_digest(dumps(item.model_dump()).encode() for item in items),
        selection=selection,
        settings=shown(settings),
    )


def shown(settings: Settings) -> dict[str, str | None]:
    """The settings as text; whatever could hold a secret only says whether it is set."""
    values = json.loads(settings.model_dump_json(exclude=_OF_THE_APP))
    return {
        name: None if value is None else "(set)" if _is_secret(name) else str(value)
        for name, value in values.items()
    }


def entry_digest(entry: BaseModel | None) -> str | None:
    """12 hex digits that change with how a model is asked."""
    return _digest([entry.model_dump_json().encode()]) if entry else None


def code_digest() -> str:
    """12 hex digits that change with the product's code, data or prompts."""
    folders = (ROOT / "rag", ROOT / "prompts")
    files = [path for folder in folders for path in folder.rglob("*") if path.suffix in _CODE]
    return _digest(path.read_bytes() for path in sorted(files))


def commit(root: Path = ROOT) -> str | None:
    """The commit that is checked out, `+` behind it where files were changed since."""
    head = _git(root, "rev-parse", "--short=12", "HEAD")
    if not head:
        return None
    return f"{head}+" if _git(root, "status", "--porcelain") else head


def _git(root: Path, *arguments: str) -> str | None:
    git = shutil.which("git")
    if git is None:
        return None
    done = subprocess.run(  # noqa: S603  fixed arguments, nothing of a user's
        [git, "-C", str(root), *arguments], capture_output=True, check=False, text=True
    )
    return done.stdout.strip() if done.returncode == 0 else None


def _is_secret(name: str) -> bool:
    return any(part in name for part in _SECRET)


def _digest(parts: Iterable[bytes]) -> str:
    digest = sha256()
    for part in parts:
        digest.update(sha256(part).digest())
    return digest.hexdigest()[:12]
