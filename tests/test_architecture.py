"""The rules of the house: who may import whom, who owns a vendor, how long things may be."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache

import pytest

from rag import errors
from rag.errors import RagError
from rag.settings import Settings
from tests.codebase import Module, modules
from tests.product import ROOT, cinco_here

CODE = modules("rag", "eval", "app.py")
EXCEPT_TESTS = [pytest.param(module, id=module.name) for module in CODE]

GROUND = {"rag", "rag.clock", "rag.domain", "rag.errors", "rag.settings"}
"""What every room may see; `rag` itself holds only the version."""
ROOMS = {"rag.corpus", "rag.search", "rag.answer", "rag.models", "rag.conversations"}
DOORS = {
    "rag.contract",
    "rag.batch",
    "rag.doctor",
    "rag.terminal",
    "rag.launcher",
    "rag.langchain",
    "rag.binding",
}
PIPELINE = GROUND | {
    *("rag.corpus", "rag.search", "rag.answer", "rag.models", "rag.indexing", "rag.assistant")
}

MAY_IMPORT: dict[str, set[str]] = {
    "rag": set(),
    "rag.domain": set(),
    "rag.errors": set(),
    "rag.clock": set(),
    "rag.settings": {"rag.errors"},
    "rag.limits": GROUND,
    "rag.corpus": GROUND,
    "rag.search": GROUND | {"rag.corpus"},
    "rag.answer": GROUND | {"rag.corpus", "rag.search"},
    "rag.models": GROUND,
    "rag.conversations": GROUND,
    "rag.indexing": GROUND | {"rag.search", "rag.models"},
    "rag.assistant": PIPELINE,
    **{door: PIPELINE | DOORS for door in DOORS},
    "rag.feedback": PIPELINE | DOORS | {"rag.conversations"},
    "rag.ui": PIPELINE | DOORS | {"rag.conversations", "rag.limits", "eval"},
    "rag.__main__": PIPELINE | DOORS | {"rag.feedback", "rag.conversations", "eval"},
    "eval": PIPELINE | DOORS,
    "app": PIPELINE | {"rag.ui"},
}
"""Room → rooms that it may import; its own modules always."""

OWNERS: dict[str, tuple[str, ...]] = {
    "chromadb": ("rag.search.chroma",),
    "threadpoolctl": ("rag.search.side_by_side",),
    "sklearn": ("rag.search.fitting",),
    "scipy": ("rag.search.fitting",),
    "wordfreq": ("rag.search.fitting",),
    "babel": ("rag.search.fitting",),
    "rapidfuzz": ("rag.search.spelling",),
    "snowballstemmer": ("rag.search.normalisation",),
    "Stemmer": ("rag.search.normalisation",),
    "filelock": ("rag.search.publishing", "eval.runs"),
    "openai": ("rag.models",),
    "ollama": ("rag.models",),
    "httpx": ("rag.models",),
    "sentence_transformers": ("rag.models.local_embeddings",),
    "langchain": ("rag.models", "rag.langchain"),
    "langchain_core": ("rag.models", "rag.langchain"),
    "langchain_openai": ("rag.models",),
    "langsmith": ("rag.models",),
    "tiktoken": ("rag.models",),
    "sqlalchemy": ("rag.conversations",),
    "docx": ("rag.conversations.exports.word",),
    "streamlit": ("rag.ui", "app"),
    "typer": ("rag.__main__", "rag.terminal", "rag.feedback", "eval.__main__"),
    "click": ("rag.__main__",),
    "platformdirs": ("rag.settings",),
    "dotenv": ("rag.settings",),
    "ir_measures": ("eval",),
}
"""Vendor → names that the modules that may import it begin with."""

HEAVY = (
    *("langchain", "langchain_core", "langsmith", "openai", "tiktoken"),
    *("streamlit", "sklearn", "scipy", "wordfreq", "babel", "sqlalchemy", "docx"),
)
"""Imported when first needed, never to answer in the default mode with a fresh index."""

MAX_MODULE = 250
MAX_FUNCTION = 25
MAX_TABLE = 40
MAX_STRING = 300

FLAT = {
    "rag.contract.answer_json": "a flat table: the fields of the contract",
    "rag.contract.outline_json": "a flat table: the fields of the contract",
    "eval.__main__.run": "a flat table: the options of the command",
}
"""Functions that may take up to 40 lines, and why."""

LONG_MODULES = {
    "rag.domain": "a flat table: the vocabulary of all rooms, one short type after another"
}
"""Modules that may be longer, and why."""

VAGUE = {"utils", "util", "helpers", "helper", "base", "manager", "common", "misc", "tools"}


def room(name: str) -> str | None:
    """The room that a dotted name belongs to; `None` for what is not ours."""
    parts = name.split(".")
    if parts[0] == "rag":
        known = ".".join(parts[:2])
        return known if known in MAY_IMPORT else "rag" if len(parts) == 1 else known
    return parts[0] if parts[0] in {"eval", "app"} else None


def our_imports(module: Module) -> set[str]:
    """The modules of ours that it imports; a name taken from a module counts as the module."""
    return {target for name in module.imports() if (target := _module_of(name)) is not None}


def _module_of(name: str) -> str | None:
    names = {module.name for module in CODE}
    parts = name.split(".")
    candidates = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((candidate for candidate in candidates if candidate in names), None)


@cache
def graph() -> dict[str, set[str]]:
    """Module → modules of ours that it imports, itself left out."""
    return {module.name: our_imports(module) - {module.name} for module in CODE}


def reachable(start: str) -> set[str]:
    """Everything that is imported with a module."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        new = graph()[waiting.pop()] - found
        found |= new
        waiting += new
    return found


def belongs(name: str, owners: tuple[str, ...]) -> bool:
    """Whether a module is one of the owners or below one; `…fitting` owns `…fitting_language`."""
    return any(name == owner or name.startswith((f"{owner}.", f"{owner}_")) for owner in owners)


@pytest.mark.parametrize("module", EXCEPT_TESTS)
class TestEveryModule:
    def test_belongs_to_a_room_that_has_a_rule(self, module: Module) -> None:
        assert room(module.name) in MAY_IMPORT

    def test_imports_only_what_its_room_may_see(self, module: Module) -> None:
        mine = room(module.name) or ""
        seen = {room(name) for name in our_imports(module)}
        assert seen - MAY_IMPORT[mine] - {mine} == set()

    def test_imports_no_module_that_imports_it(self, module: Module) -> None:
        assert module.name not in reachable(module.name)

    def test_leaves_each_vendor_to_its_owner(self, module: Module) -> None:
        vendors = {name.split(".")[0] for name in module.imports()} & OWNERS.keys()
        assert {v for v in vendors if not belongs(module.name, OWNERS[v])} == set()

    def test_has_at_most_250_lines(self, module: Module) -> None:
        too_long = len(module.text.splitlines()) > MAX_MODULE
        assert too_long == (module.name in LONG_MODULES)

    def test_has_only_short_functions(self, module: Module) -> None:
        lengths = {f"{module.name}.{f.name}": _lines(f) for f in module.functions()}
        assert {name: n for name, n in lengths.items() if n > _limit(name)} == {}

    def test_has_a_name_that_says_something(self, module: Module) -> None:
        assert VAGUE.isdisjoint(module.name.split("."))

    def test_says_what_it_is_for(self, module: Module) -> None:
        assert ast.get_docstring(module.tree)

    def test_holds_no_prompt(self, module: Module) -> None:
        prompt = re.compile(r"\byou are an?\b|\beres un\b|passages below|pasajes siguientes", re.I)
        assert [
            text for text in module.strings() if len(text) > MAX_STRING or prompt.search(text)
        ] == []

    def test_names_a_remedy_for_every_failure(self, module: Module) -> None:
        assert [ast.unparse(call) for call in _failures(module) if not _has_remedy(call)] == []


def _lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Its length without its docstring."""
    first = function.body[0]
    docstring = _span(first) if ast.get_docstring(function) is not None else 0
    return _span(function) - docstring


def _span(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _limit(name: str) -> int:
    return MAX_TABLE if name in FLAT else MAX_FUNCTION


def _failures(module: Module) -> Iterator[ast.Call]:
    """Where an expected failure is made."""
    names = failure_names()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in names:
            yield node


@cache
def failure_names() -> set[str]:
    """The expected failures: those of the tree, and what is derived from them elsewhere."""
    names = {name for name, value in vars(errors).items() if _is_failure(value)}
    classes = [n for m in CODE for n in ast.walk(m.tree) if isinstance(n, ast.ClassDef)]
    return names | {c.name for c in classes if names & {ast.unparse(base) for base in c.bases}}


def _is_failure(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, RagError)


def _has_remedy(call: ast.Call) -> bool:
    remedies = [keyword.value for keyword in call.keywords if keyword.arg == "remedy"]
    return len(remedies) == 1 and ast.unparse(remedies[0]).strip("f'\" ") != ""


@pytest.mark.parametrize("name", sorted(FLAT))
def test_an_exception_for_a_long_function_is_still_needed(name: str) -> None:
    lengths = {f"{m.name}.{f.name}": _lines(f) for m in CODE for f in m.functions()}
    assert lengths.get(name, 0) > MAX_FUNCTION


@pytest.mark.parametrize("module", [m for m in CODE if m.name.startswith("eval.metrics")])
def test_metrics_do_not_reach_the_code_that_they_judge(module: Module) -> None:
    judged = ("rag.search", "rag.answer", "rag.assistant", "rag.models")
    assert {name for name in reachable(module.name) if belongs(name, judged)} == set()


@pytest.mark.parametrize("vendor", ["chromadb", "tiktoken"])
def test_a_store_or_a_tokenizer_is_imported_in_one_module_only(vendor: str) -> None:
    users = [m.name for m in CODE if vendor in {name.split(".")[0] for name in m.imports()}]
    assert len(users) <= 1


def test_every_folder_of_the_package_has_a_rule() -> None:
    rooms = {f"rag.{path.name}" for path in (ROOT / "rag").iterdir() if any(path.glob("*.py"))}
    assert rooms <= ROOMS | {"rag.ui"}


def test_prompts_are_text_files_only() -> None:
    files = [path for path in (ROOT / "prompts").rglob("*") if path.is_file()]
    assert [path.name for path in files if not re.search(r"\.(system|user)\.md$", path.name)] == []


def test_the_app_page_list_has_at_most_60_lines() -> None:
    assert len((ROOT / "app.py").read_text(encoding="utf-8").splitlines()) <= 60


def test_an_answer_in_the_default_mode_imports_nothing_heavy() -> None:
    assert cinco_here("index").returncode == 0
    program = (
        "import sys, json, atexit\n"
        f"atexit.register(lambda: print(json.dumps(sorted(set(sys.modules) & set({HEAVY!r})))))\n"
        "from rag.__main__ import main\n"
        "main(['ask', 'BeiDou'])\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, cwd=ROOT, check=True, timeout=60
    )
    assert json.loads(run.stdout.splitlines()[-1]) == []


def test_the_tree_of_failures_is_drawn_in_full() -> None:
    drawn = set(re.findall(r"^[├└]── (\w+)", errors.__doc__ or "", re.MULTILINE))
    kinds = {name for name, value in vars(errors).items() if _is_failure(value)}
    assert drawn == kinds - {"RagError"}


@pytest.mark.parametrize("readme", ["README.md", "README.es.md"])
def test_the_readme_lists_every_setting_and_no_other(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    listed = re.findall(r"^\| *`(CINCO_[A-Z_]+)`", text, re.MULTILINE)
    assert sorted(listed) == sorted(f"CINCO_{name.upper()}" for name in Settings.model_fields)
