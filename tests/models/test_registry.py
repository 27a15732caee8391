"""`models.toml`: what an entry may say, what fills its gaps, and what is said of mistakes."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from rag import settings as settings_module
from rag.errors import InputError, SettingsError
from rag.models import registry
from rag.models.registry import EXTRACTIVE, ChatEntry, EmbeddingEntry, Registry, servers
from rag.settings import Settings
from tests.models.entries import KEY, write_models

MINE: Mapping[str, Any] = {"server": "vllm", "model": "Qwen/Qwen3-8B"}
VECTORS: Mapping[str, Any] = {"server": "ollama", "model": "nomic-embed-text"}


def chat(**fields: object) -> ChatEntry:
    """The entry `mine`, of a valid registry."""
    return Registry.model_validate({"chat": {"mine": {**MINE, **fields}}}).chat["mine"]


def vectors(**fields: object) -> EmbeddingEntry:
    known = Registry.model_validate({"embedding": {"mine": {**VECTORS, **fields}}})
    return known.embedding["mine"]


def complaint(folder: Path, text: str) -> SettingsError:
    """What is said of a file with this text."""
    path = folder / "models.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        registry.read(Settings(models=path))
    return caught.value


def about(folder: Path, **fields: object) -> str:
    """What is said of a wrong entry `mine`."""
    merged = {**MINE, **fields}
    lines = [f"{name} = {json.dumps(value)}" for name, value in merged.items() if value is not None]
    return complaint(folder, "\n".join(["[chat.mine]", *lines])).problem


class TestPresets:
    @pytest.mark.parametrize("server", servers())
    def test_a_server_and_a_model_are_enough(self, server: str) -> None:
        preset = servers()[server]
        found = chat(server=server)
        assert (found.provider, found.base_url) == (preset.provider, preset.base_url)

    @pytest.mark.parametrize("server", servers())
    def test_only_the_cloud_wants_a_key(self, server: str) -> None:
        assert chat(server=server).key_env == ("OPENAI_API_KEY" if server == "openai" else None)

    def test_what_an_entry_says_itself_wins_over_its_server(self) -> None:
        found = chat(server="openai", base_url="http://gpu:8000/v1", key_env="GPU_KEY")
        assert (found.base_url, found.key_env) == ("http://gpu:8000/v1", "GPU_KEY")

    def test_an_embedder_is_filled_in_the_same_way(self) -> None:
        found = vectors()
        assert (found.provider, found.base_url) == ("ollama", servers()["ollama"].base_url)

    def test_a_provider_of_langchain_needs_no_server(self) -> None:
        known = Registry.model_validate({"chat": {"m": {"provider": "mistralai", "model": "x"}}})
        assert (known.chat["m"].provider, known.chat["m"].base_url) == ("mistralai", None)

    def test_an_entry_knows_its_name(self) -> None:
        assert (chat().name, vectors().name) == ("mine", "mine")


class TestMistakes:
    def test_an_unknown_server_lists_the_known_ones(self, tmp_path: Path) -> None:
        problem = about(tmp_path, server="olama")
        assert all(name in problem for name in ("chat.mine", *servers()))

    @pytest.mark.parametrize(
        ("fields", "place"),
        [
            ({"temprature": 0.5}, "chat.mine.temprature"),
            ({"model": ""}, "chat.mine.model"),
            ({"model": None}, "chat.mine.model"),
            ({"server": None}, "chat.mine.provider"),
            ({"temperature": 3}, "chat.mine.temperature"),
            ({"context": "everything"}, "chat.mine.context"),
            ({"context_tokens": 1000}, "chat.mine.context_tokens"),
            ({"retries": 6}, "chat.mine.retries"),
            ({"first_token_seconds": 0}, "chat.mine.first_token_seconds"),
            ({"key_env": "sk-123"}, "chat.mine.key_env"),
            ({"key": "sk-123"}, "chat.mine.key"),
        ],
    )
    def test_a_wrong_field_is_named_with_its_place(
        self, fields: dict[str, object], place: str, tmp_path: Path
    ) -> None:
        assert place in about(tmp_path, **fields)

    @pytest.mark.parametrize("name", ["a b", "-a", "é", "x" * 65, ""])
    def test_a_name_that_no_command_line_can_carry_is_rejected(self, name: str) -> None:
        with pytest.raises(ValueError, match="name"):
            Registry.model_validate({"chat": {name: MINE}})

    def test_an_entry_cannot_call_itself_otherwise(self) -> None:
        assert (chat(name=EXTRACTIVE).name, vectors(name="other").name) == ("mine", "mine")

    def test_a_default_must_be_one_of_the_names(self, tmp_path: Path) -> None:
        problem = complaint(tmp_path, 'default = "otro"\n[chat.mine]\nserver = "vllm"\nmodel = "m"')
        assert "extractive, mine" in problem.problem

    def test_an_embedder_must_be_named_too(self, tmp_path: Path) -> None:
        assert "[embedding.nomic]" in complaint(tmp_path, 'embedder = "nomic"').problem

    @pytest.mark.parametrize(("kind", "name"), [("chat", EXTRACTIVE), ("embedding", "corpus")])
    def test_the_built_in_names_are_reserved(self, kind: str, name: str, tmp_path: Path) -> None:
        text = f'[{kind}.{name}]\nserver = "ollama"\nmodel = "m"'
        assert f"{kind}.{name}" in complaint(tmp_path, text).problem

    def test_an_embedder_needs_an_address(self, tmp_path: Path) -> None:
        text = '[embedding.v]\nprovider = "openai"\nmodel = "m"'
        assert "base_url" in complaint(tmp_path, text).problem

    def test_an_answer_takes_at_most_half_of_the_context(self, tmp_path: Path) -> None:
        assert chat(context_tokens=4096, answer_tokens=2048).answer_tokens == 2048
        problem = about(tmp_path, context_tokens=4096, answer_tokens=2049)
        assert "answer_tokens" in problem

    @pytest.mark.parametrize("table", ["chat = 5", "chat.mine = 5", "embedding = []", "extra = 1"])
    def test_a_table_of_another_form_is_an_error(self, table: str, tmp_path: Path) -> None:
        assert complaint(tmp_path, table).remedy

    def test_a_complaint_is_in_the_language_of_the_program(self, tmp_path: Path) -> None:
        assert "Value error" not in about(tmp_path, server="olama")


class TestSecrets:
    @pytest.mark.parametrize(
        "url",
        [
            f"https://ana:{KEY}@host/v1",
            f"https://{KEY}@host/v1",
            f"https://host/v1?api_key={KEY}",
            f"https://host?key={KEY}",
            f"https://host/v1#{KEY}",
            f"https://host/{KEY}@x",
            f"ftp://host/{KEY}",
            f"{KEY}",
        ],
    )
    def test_an_address_that_could_hold_one_is_rejected_and_not_repeated(
        self, url: str, tmp_path: Path
    ) -> None:
        told = complaint(tmp_path, f'[chat.mine]\nserver = "vllm"\nmodel = "m"\nbase_url = "{url}"')
        assert ("chat.mine.base_url" in told.problem, KEY in str(told)) == (True, False)

    def test_a_key_in_place_of_its_variable_is_not_repeated(self, tmp_path: Path) -> None:
        assert KEY not in about(tmp_path, key_env=KEY)

    @pytest.mark.parametrize("url", ["http://127.0.0.1:8080/v1", "http://[::1]:1/v1", "https://h"])
    def test_a_plain_address_is_taken(self, url: str) -> None:
        assert chat(base_url=url).base_url == url


class TestFile:
    def test_without_one_there_is_the_extractive_mode_only(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(settings_module, "MODELS", tmp_path / "models.toml")
        known = registry.read(Settings(models=None))
        assert (known.names, known.find(None)) == ((EXTRACTIVE,), None)

    def test_one_beside_the_program_is_found(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = write_models(tmp_path, {"chat.mine": MINE})
        monkeypatch.setattr(settings_module, "MODELS", path)
        assert registry.read(Settings(models=None)).names == (EXTRACTIVE, "mine")

    def test_one_that_was_named_must_be_there(self, tmp_path: Path) -> None:
        missing = tmp_path / "falta.toml"
        with pytest.raises(SettingsError, match="CINCO_MODELS") as caught:
            registry.read(Settings(models=missing))
        assert str(missing) in caught.value.problem

    def test_a_folder_is_no_file(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsError, match="CINCO_MODELS"):
            registry.read(Settings(models=tmp_path))

    def test_one_that_is_empty_names_nobody(self, tmp_path: Path) -> None:
        assert registry.read(Settings(models=write_models(tmp_path, {}))).names == (EXTRACTIVE,)

    @pytest.mark.parametrize("text", ["default = ", "[chat.mine", '[a]\nx = 1\nx = "2"'])
    def test_one_that_is_no_toml_is_an_error_with_a_remedy(self, text: str, tmp_path: Path) -> None:
        told = complaint(tmp_path, text)
        assert ("models.toml" in told.problem, "models.example.toml" in told.remedy) == (True, True)

    def test_one_that_is_no_utf_8_is_an_error_too(self, tmp_path: Path) -> None:
        path = tmp_path / "models.toml"
        path.write_bytes(b'default = "caf\xe9"')
        with pytest.raises(SettingsError, match=r"models\.example\.toml"):
            registry.read(Settings(models=path))


class TestFinding:
    KNOWN = Registry.model_validate(
        {
            "default": "mine",
            "embedder": "vec",
            "chat": {"mine": MINE, "other": MINE},
            "embedding": {"vec": VECTORS},
        }
    )

    @pytest.mark.parametrize(
        ("name", "found"), [(None, "mine"), ("other", "other"), (EXTRACTIVE, None)]
    )
    def test_no_name_means_the_default(self, name: str | None, found: str | None) -> None:
        entry = self.KNOWN.find(name)
        assert (entry.name if entry else None) == found

    @pytest.mark.parametrize(
        ("name", "found"), [(None, "vec"), ("vec", "vec"), (registry.CORPUS, None)]
    )
    def test_no_name_means_the_configured_embedder(
        self, name: str | None, found: str | None
    ) -> None:
        entry = self.KNOWN.find_embedder(name)
        assert (entry.name if entry else None) == found

    def test_the_document_has_vectors_of_its_own(self) -> None:
        assert Registry().find_embedder(None) is None

    def test_an_unknown_name_lists_the_known_ones(self) -> None:
        with pytest.raises(InputError, match="extractive, mine, other"):
            self.KNOWN.find("gpt")

    def test_an_unknown_embedder_lists_the_known_ones(self) -> None:
        with pytest.raises(InputError, match="corpus, vec"):
            self.KNOWN.find_embedder("mine")
