"""The recipes of the README, each against a scripted server of its dialect."""

import re
import tomllib
from typing import Any

import pytest

from rag.answer.writing import Writer
from rag.domain import Question
from rag.models.registry import EXAMPLE, Registry
from rag.models.shelf import LazyChat
from tests.models.behaviours import ZOO
from tests.models.ollama_wire import ScriptedOllama
from tests.models.servers import ScriptedServer
from tests.product import ROOT, assistant

README = (ROOT / "README.md").read_text(encoding="utf-8")
RECIPES = [text for text in re.findall(r"```toml\n(.*?)```", README, re.DOTALL) if "[chat." in text]
QUESTION = Question("¿Qué dice de la energía nuclear?")


def entries(text: str) -> dict[str, Any]:
    return tomllib.loads(text)


@pytest.mark.parametrize("text", RECIPES, ids=lambda text: entries(text)["default"])
def test_a_recipe_answers_over_its_servers_dialect(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    table = entries(text)
    recipe = table["chat"][table["default"]]
    is_ollama = recipe["server"] == "ollama"
    kind = ScriptedOllama if is_ollama else ScriptedServer
    with kind(ZOO["exemplary"], models=(recipe["model"],)) as server:
        recipe["base_url"] = server.base_url
        entry = Registry.model_validate(table).find(None)
        assert entry is not None
        model = LazyChat(entry)
        answer = assistant().ask(QUESTION, (), Writer(model))
        model.close()
    assert (answer.provenance.mode, answer.provenance.model) == ("model", table["default"])


def test_there_is_a_recipe_for_every_kind_of_server() -> None:
    named = {recipe["server"] for text in RECIPES for recipe in entries(text)["chat"].values()}
    assert named | {"llamafile"} == {
        "ollama",
        "llamacpp",
        "llamafile",
        "vllm",
        "lmstudio",
        "openai",
    }


def test_the_annotated_example_is_valid() -> None:
    registry = Registry.model_validate(tomllib.loads(EXAMPLE.read_text(encoding="utf-8")))
    assert registry.find(None) is not None
