"""Rooms stay small, reasons are given, and nothing is imported inside a function."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODULE_LINES = 400
FUNCTION_LINES = 60
# Larger than they should be, each with its reason.
LARGE_MODULES: dict[str, str] = {}
LARGE_FUNCTIONS: dict[str, str] = {
    "qa/factory.py create_app": "wiring: one line a part, in the order they must be put in",
}
IMPORTS_INSIDE: dict[str, str] = {}


def modules() -> Iterator[tuple[str, ast.Module, int]]:
    """Every module of the product: its path, its tree, its number of lines."""
    for path in sorted([*(ROOT / "qa").rglob("*.py"), ROOT / "app.py"]):
        text = path.read_text("utf-8")
        yield str(path.relative_to(ROOT)), ast.parse(text), text.count("\n")


def functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function of the product with its name."""
    for path, tree, _ in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{path} {node.name}", node


def test_modules_are_small() -> None:
    large = {path: lines for path, _, lines in modules() if lines > MODULE_LINES}
    assert large.keys() == LARGE_MODULES.keys()


def test_functions_are_small() -> None:
    large = {
        name: (node.end_lineno or node.lineno) - node.lineno + 1
        for name, node in functions()
        if (node.end_lineno or node.lineno) - node.lineno + 1 > FUNCTION_LINES
    }
    assert large.keys() <= LARGE_FUNCTIONS.keys(), large


def test_nothing_is_imported_inside_a_function() -> None:
    inside = {
        name
        for name, node in functions()
        for part in ast.walk(node)
        if isinstance(part, ast.Import | ast.ImportFrom)
    }
    assert inside == set(IMPORTS_INSIDE)


def test_nothing_is_left_to_be_written() -> None:
    unwritten = []
    for name, node in functions():
        body = [
            part
            for part in node.body
            if not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))
        ]
        raises = any(isinstance(part, ast.Raise) and "NotImplementedError" in ast.dump(part) for part in body)
        if raises:
            unwritten.append(name)
    assert not unwritten


def test_the_package_itself_is_empty() -> None:
    tree = ast.parse((ROOT / "qa/__init__.py").read_text("utf-8"))
    assert len(tree.body) == 1
    assert ast.get_docstring(tree)
