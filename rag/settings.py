"""Settings from the environment or a `.env` file, prefix `CINCO_`."""

import os
from pathlib import Path
from typing import Literal

from dotenv import dotenv_values
from platformdirs import user_data_path
from pydantic import Field, PositiveInt, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from rag.errors import SettingsError

MODELS = Path(__file__).parents[1] / "models.toml"
"""Where models are named unless another file is configured."""

LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]


class Settings(BaseSettings):
    """Everything that an operator can set. The defaults need nothing."""

    model_config = SettingsConfigDict(
        env_prefix="CINCO_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    data_dir: Path = Field(default_factory=lambda: user_data_path("cinco", appauthor=False))
    """Where the index and the conversations live."""
    models: Path | None = None
    """The file that names chat models and embedders; `models.toml` of the checkout by default."""
    source: Path | None = None
    """Another document of the same form; the bundled one by default."""
    database_url: SecretStr | None = None
    """Where conversations are stored, as SQLAlchemy names it; a file in `data_dir` by default."""
    retention_days: int | None = Field(default=None, ge=1)
    """Conversations that nobody has continued for so long are deleted; none by default."""
    log_level: LogLevel = "WARNING"
    """Ids, counts and milliseconds at INFO; never a question or an answer."""
    questions_per_minute: PositiveInt = 30
    """What one visitor of the app may ask in a minute."""
    answers_at_once: PositiveInt = 2
    """Answers that a model may be writing for one visitor of the app."""
    model_calls_per_day: PositiveInt | None = None
    """Calls of chat models in a UTC day for all visitors of the app; any number by default."""
    evaluation: bool = False
    """Whether every visitor of the app may run the evaluation suite, which costs time and money."""

    @property
    def models_file(self) -> Path | None:
        """The file that names models: the configured one, or the checkout's where it has one."""
        if self.models is not None:
            return self.models
        return MODELS if MODELS.exists() else None

    @property
    def index_dir(self) -> Path:
        """The folder of all indexes, one directory per fingerprint."""
        return self.data_dir / "index"

    @property
    def conversations_file(self) -> Path:
        """The database of conversations, unless `database_url` names another."""
        return self.data_dir / "conversations.sqlite"

    @field_validator("data_dir", "models", "source")
    @classmethod
    def _expand(cls, path: Path | None) -> Path | None:
        """The path with `~` replaced by the home folder."""
        try:
            return path.expanduser() if path else None
        except RuntimeError as error:
            raise ValueError(str(error)) from error


def secret(variable: str) -> str | None:
    """The value of a variable of the environment or, failing that, of `.env`.

    Raises:
        SettingsError: `.env` cannot be read.
    """
    if value := os.environ.get(variable):
        return value
    try:
        return dotenv_values(".env").get(variable) or None
    except (UnicodeDecodeError, OSError) as error:
        raise _unreadable() from error


def _unreadable() -> SettingsError:
    return SettingsError(
        "No se puede leer el archivo .env.", remedy="Guárdelo en UTF-8 y revise sus permisos."
    )


def load() -> Settings:
    """The settings of this process.

    Raises:
        SettingsError: a value cannot be used.
    """
    try:
        return Settings()
    except ValidationError as error:
        names = ", ".join(
            f"CINCO_{'_'.join(map(str, item['loc'])).upper()}" for item in error.errors()
        )
        raise SettingsError(
            f"Hay un valor no válido en {names}.",
            remedy="Corríjalo en el entorno o en .env; la tabla de ajustes está en el README.",
        ) from error
    except (UnicodeDecodeError, OSError) as error:
        raise _unreadable() from error
