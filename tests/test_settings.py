from pathlib import Path

import pytest
from platformdirs import user_data_path

from rag import settings
from rag.errors import SettingsError


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No `.env` of the checkout."""
    monkeypatch.chdir(tmp_path)


def test_the_default_data_folder_is_that_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CINCO_DATA_DIR")
    assert settings.load().data_dir == user_data_path("cinco", appauthor=False)


def test_the_index_lives_in_the_data_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CINCO_DATA_DIR", "/srv/cinco")
    assert settings.load().index_dir == Path("/srv/cinco/index")


def test_the_home_folder_may_be_written_as_a_tilde(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ana")
    monkeypatch.setenv("CINCO_SOURCE", "~/documento.txt")
    assert settings.load().source == Path("/home/ana/documento.txt")


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CINCO_SOURCE", "")
    assert settings.load().source is None


def test_a_setting_may_stand_in_the_env_file() -> None:
    Path(".env").write_text("CINCO_LOG_LEVEL=INFO\nOTHER=1\nCINCO_UNKNOWN=1\n", encoding="utf-8")
    assert settings.load().log_level == "INFO"


def test_the_environment_wins_over_the_env_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("CINCO_LOG_LEVEL=INFO\n", encoding="utf-8")
    monkeypatch.setenv("CINCO_LOG_LEVEL", "ERROR")
    assert settings.load().log_level == "ERROR"


def test_a_variable_without_our_prefix_sets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE", "/etc/passwd")
    assert settings.load().source is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CINCO_LOG_LEVEL", "loud"),
        ("CINCO_DATA_DIR", "~nobody-of-that-name/data"),
        ("CINCO_QUESTIONS_PER_MINUTE", "0"),
        ("CINCO_ANSWERS_AT_ONCE", "-1"),
        ("CINCO_MODEL_CALLS_PER_DAY", "many"),
        ("CINCO_MODEL_CALLS_PER_DAY", "0"),
    ],
)
def test_an_unusable_value_is_an_error_that_names_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name):
        settings.load()


def test_an_empty_budget_of_model_calls_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CINCO_MODEL_CALLS_PER_DAY", "")
    assert settings.load().model_calls_per_day is None


def test_an_env_file_that_is_not_utf_8_is_an_error_with_a_remedy() -> None:
    Path(".env").write_bytes(b"CINCO_LOG_LEVEL=caf\xe9\n")
    with pytest.raises(SettingsError, match="UTF-8"):
        settings.load()
