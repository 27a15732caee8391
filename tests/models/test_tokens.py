"""Tokens are counted as tiktoken counts them, and nobody is asked for the vocabulary."""

import ast
import json
import os
import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
import tiktoken
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import SourceError
from rag.models import tokens
from tests.product import ROOT, document

MIXED = {
    "empty": "",
    "spaces": "  \t \n\n   x  \r\n ",
    "english": "It's what they'd've SAID, isn't it? I'LL see.",
    "chinese": "中国政府高度重视发展同拉美和加勒比国家关系。“全球南方”",
    "portuguese": "Cooperação em energia hidroelétrica, não só; às 23h59.",
    "russian and greek": "Ещё раз: ΑΒΓ, ǅungla",
    "combining": "ni\u0301 e\u0301, \u0e01\u0e33, กำลัง",
    "emoji": "👩‍👩‍👧‍👦 🇨🇳🇧🇷 ok👍🏽",
    "numbers": "1234567 12.345,67 ٣٤٥ ½ ⅷ 2025-12-10",
    "code": "def f(x): return {'a/b': [1, 2]}  // ---\n\n\t#!/bin/sh/",
    "special": "<|endoftext|> and <|endofprompt|>",
    "surrogate": "a\ud800b",
}
"""Name → text that splits in its own way."""

SOCKETS = """
import json, sys
from pathlib import Path

seen = []
sys.addaudithook(lambda event, _: seen.append(event) if event.startswith("socket.") else None)
from rag.errors import SourceError
from rag.models import tokens

try:
    tokens.ranks(Path(sys.argv[1]))
    told = ""
except SourceError as error:
    told = f"{error.problem} {error.remedy}"
json.dump({"told": told, "count": tokens.count("hola mundo"), "sockets": seen}, sys.stdout)
"""
"""Counts while it watches for sockets, and reads the vocabulary that it is given."""


def published_pattern() -> str:
    """The pattern in the source of tiktoken's own `o200k_base`, which downloads when it is run."""
    spec = find_spec("tiktoken_ext.openai_public")
    assert spec is not None
    assert spec.origin is not None
    tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
    (function,) = (
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name == "o200k_base"
    )
    (joined,) = (
        node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pat_str"
    )
    assert isinstance(joined, ast.Call)
    return "|".join(ast.literal_eval(joined.args[0]))


@cache
def reference() -> tiktoken.Encoding:
    """The `o200k_base` of tiktoken, from its own pattern and the shipped ranks."""
    return tiktoken.Encoding(
        "reference",
        pat_str=published_pattern(),
        mergeable_ranks=tokens.ranks(),
        special_tokens={"<|endoftext|>": 199999, "<|endofprompt|>": 200018},
    )


def test_the_pattern_is_that_of_tiktoken() -> None:
    assert published_pattern() == tokens.PATTERN


def test_the_document_counts_as_in_tiktoken() -> None:
    text = document().source
    assert tokens.count(text) == len(reference().encode(text, disallowed_special=()))


@pytest.mark.parametrize("text", MIXED.values(), ids=MIXED)
def test_any_text_counts_as_in_tiktoken(text: str) -> None:
    assert tokens.count(text) == len(reference().encode(text, disallowed_special=()))


@given(st.text())
def test_whatever_is_typed_counts_as_in_tiktoken(text: str) -> None:
    assert tokens.count(text) == len(reference().encode(text, disallowed_special=()))


@pytest.mark.parametrize(("text", "expected"), [("hola mundo", 2), ("<|endoftext|>", 7), ("", 0)])
def test_a_few_counts_that_are_known(text: str, expected: int) -> None:
    assert tokens.count(text) == expected


def test_the_ranks_are_whole() -> None:
    assert sorted(tokens.ranks().values()) == list(range(199998))


@pytest.fixture(params=["changed", "cut", "empty", "text"])
def damaged(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of the vocabulary that is not what it was."""
    whole = tokens.VOCABULARY.read_bytes()
    contents = {
        "changed": whole.replace(b"IQ== 0", b"IQ== 1", 1),
        "cut": whole[: len(whole) // 2],
        "empty": b"",
        "text": b"<html>404</html>",
    }
    path = tmp_path / "o200k_base.tiktoken"
    path.write_bytes(contents[request.param])
    return path


def test_a_damaged_vocabulary_is_an_error_with_its_remedy_and_stays_as_it_is(damaged: Path) -> None:
    before = damaged.read_bytes()
    with pytest.raises(SourceError, match="git checkout") as caught:
        tokens.ranks(damaged)
    assert (damaged.name in caught.value.problem, damaged.read_bytes()) == (True, before)


def test_a_missing_vocabulary_is_an_error_with_its_remedy(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="git checkout"):
        tokens.ranks(tmp_path / "falta.tiktoken")


def test_no_socket_opens_and_no_cache_of_tiktokens_is_touched(tmp_path: Path) -> None:
    damaged = tmp_path / "fb374d419588a4632f3f557e76b4b70aebbca790"
    damaged.write_bytes(b"IQ== 0\n")
    run = subprocess.run(
        [sys.executable, "-c", SOCKETS, str(damaged)],
        env={**os.environ, "TIKTOKEN_CACHE_DIR": str(tmp_path)},
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    seen = json.loads(run.stdout)
    assert (seen["sockets"], seen["count"], "git checkout" in seen["told"]) == ([], 2, True)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == {damaged: b"IQ== 0\n"}
