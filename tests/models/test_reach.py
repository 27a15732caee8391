"""How far a question travels: what people are told before they choose a model."""

import pytest

from rag.models.reach import Reach, company_of, reach_of
from rag.models.registry import ChatEntry, EmbeddingEntry


@pytest.mark.parametrize(
    ("values", "reach", "company"),
    [
        ({"server": "ollama", "model": "qwen3:4b"}, "local", "Ollama"),
        ({"server": "ollama", "model": "gpt-oss:120b-cloud"}, "hosted", "Ollama"),
        ({"server": "ollama", "model": "glm-4.6:cloud"}, "hosted", "Ollama"),
        ({"server": "vllm", "model": "m", "base_url": "http://[::1]:8000/v1"}, "local", "vLLM"),
        ({"server": "vllm", "model": "m", "base_url": "http://gpu:8000/v1"}, "remote", "vLLM"),
        ({"server": "vllm", "model": "m", "base_url": "http://10.0.0.2/v1"}, "remote", "vLLM"),
        ({"server": "openai", "model": "gpt-5-mini"}, "hosted", "OpenAI"),
        (
            {"provider": "openai", "model": "m", "base_url": "https://api.openai.com/v1"},
            *("hosted", "OpenAI"),
        ),
        ({"provider": "mistralai", "model": "m"}, "hosted", "mistralai"),
    ],
)
def test_where_a_chat_model_answers(values: dict[str, str], reach: Reach, company: str) -> None:
    entry = ChatEntry.model_validate({"name": "mine", **values})
    assert reach_of(entry) == reach
    assert company_of(entry) == company


def test_a_folder_is_on_this_machine() -> None:
    values = {"name": "mine", "provider": "sentence-transformers", "model": "/models/mini"}
    assert reach_of(EmbeddingEntry.model_validate(values)) == "local"
