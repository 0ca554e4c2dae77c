"""Text reaches a PDF one way only: set by `publishing.typesetting.text`, written by `publishing.pdf.pen`."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import qa.publishing

CODE = Path(str(qa.publishing.__file__)).parent.parent
FILES = sorted(CODE.rglob("*.py"))
DRAWS = {
    "addLiteral", "beginText", "drawAlignedString", "drawCenteredString", "drawCentredString", "drawImage",
    "drawInlineImage", "drawRightString", "drawString", "drawText", "textLine", "textLines", "textOut",
}  # fmt: skip
PEN = CODE / "publishing" / "pdf" / "pen.py"
STRINGS = {
    PEN,
    *(CODE / "publishing" / name for name in ("charts.py", "svg.py", "word/pictures.py")),
}


def imported(node: ast.AST) -> set[str]:
    """The full names that an import brings in."""
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    if isinstance(node, ast.ImportFrom):
        return {f"{node.module}.{alias.name}" for alias in node.names}
    return set()


def faults(path: Path, source: str) -> Iterator[str]:
    """What in `source` would set or draw text by another way."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in DRAWS and path != PEN:
            yield f"{path}: {node.attr} is for pen.py alone"
        names = imported(node)
        if any(name.startswith("reportlab.platypus") for name in names):
            yield f"{path}: platypus, with its Paragraph, reads text as markup"
        if "reportlab.graphics.shapes.String" in names and path not in STRINGS:
            yield f"{path}: a chart's strings are made in charts.py alone"


def test_no_other_way_in() -> None:
    found = [fault for path in FILES for fault in faults(path, path.read_text(encoding="utf-8"))]

    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "from reportlab.platypus import Paragraph\nParagraph(typed, style)",
        "import reportlab.platypus.paragraph",
        "from reportlab import platypus",
        "canvas.drawString(0, 0, typed)",
        "from reportlab.graphics.shapes import String",
    ],
)
def test_the_test_sees_another_way(source: str) -> None:
    assert len(list(faults(CODE / "publishing" / "other.py", source))) == 1


def test_the_files_are_where_they_are_said_to_be() -> None:
    assert STRINGS.issubset(FILES)
