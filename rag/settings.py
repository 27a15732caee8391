"""Settings from the environment or a `.env` file, prefix `CINCO_`."""

from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_data_path
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from rag.errors import SettingsError

LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]


class Settings(BaseSettings):
    """Everything that an operator can set. The defaults need nothing."""

    model_config = SettingsConfigDict(
        env_prefix="CINCO_", env_file=".env", extra="ignore", frozen=True
    )

    data_dir: Path = Field(default_factory=lambda: user_data_path("cinco", appauthor=False))
    """Where the index lives."""
    source: Annotated[Path | None, NoDecode] = None
    """Another document of the same form; the bundled one by default."""
    log_level: LogLevel = "WARNING"
    """Ids, counts and milliseconds at INFO; never a question or an answer."""

    @property
    def index_dir(self) -> Path:
        return self.data_dir.expanduser() / "index"


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
