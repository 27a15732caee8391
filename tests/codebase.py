"""The code of the product as data: what the rules in the tests are checked against."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.product import ROOT


@dataclass(frozen=True, slots=True)
class Module:
    """One file of Python."""

    name: str
    """Dotted, e.g. `rag.search.index`; a package has the name of its folder."""
    path: Path
    text: str
    tree: ast.Module

    def imports(self) -> set[str]:
        """Dotted names that are imported anywhere in it, each with what is taken from it."""
        found: set[str] = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                source = self._absolute(node)
                found |= {f"{source}.{alias.name}" for alias in node.names}
        return found

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        package = self.name.split(".")
        is_package = self.path.name == "__init__.py"
        kept = package[: len(package) - node.level + is_package]
        return ".".join([*kept, *([node.module] if node.module else [])])

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Every function and method."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node

    def strings(self) -> Iterator[str]:
        """Every string that is no docstring; of one with placeholders, its pieces."""
        loose = {
            id(node.value) for node in ast.walk(self.tree) if isinstance(node, ast.Expr)
        }  # docstrings, of attributes too
        for node in ast.walk(self.tree):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and id(node) not in loose
            ):
                yield node.value


@cache
def modules(*roots: str) -> tuple[Module, ...]:
    """The modules below folders of the project, or single files, that exist."""
    paths = [
        path
        for root in roots
        for path in ([ROOT / root] if root.endswith(".py") else sorted((ROOT / root).rglob("*.py")))
        if path.is_file()
    ]
    return tuple(_module(path) for path in paths)


def _module(path: Path) -> Module:
    text = path.read_text(encoding="utf-8")
    parts = path.relative_to(ROOT).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Module(name, path, text, ast.parse(text, str(path)))
