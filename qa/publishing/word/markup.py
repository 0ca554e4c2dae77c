"""Elements of a Word file, written so that no text can be anything but text.

lxml escapes what it writes; `visible` has made every character one that XML may hold.
"""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from qa.publishing.document import RichText, Run
from qa.publishing.plain_text import visible

_AFTER_BORDERS: Final = (
    "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc",
    "w:outlineLvl", "w:rPr",
)  # fmt: skip


class Look(NamedTuple):
    """How a stretch of text is set. colour: as `#1b2528`; style: the name of a character style."""

    bold: bool = False
    italic: bool = False
    colour: str = ""
    style: str = ""


PLAIN: Final = Look()


def made(
    tag: str, attributes: Mapping[str, str] | None = None, children: Iterable[BaseOxmlElement] = ()
) -> BaseOxmlElement:
    """An element such as `w:tc`; attributes by their names, such as `w:val`."""
    element = OxmlElement(tag)
    for name, value in (attributes or {}).items():
        element.set(qn(name), value)
    for child in children:
        element.append(child)
    return element


def text_run(text: str, look: Look = PLAIN) -> BaseOxmlElement:
    """A run of text, shown as typed; line breaks in it are kept."""
    run = made("w:r", children=_run_properties(look))
    for number, line in enumerate(visible(text).split("\n")):
        if number:
            run.append(made("w:br"))
        words = made("w:t", {"xml:space": "preserve"})
        words.text = line
        run.append(words)
    return run


def _run_properties(look: Look) -> list[BaseOxmlElement]:
    properties = made("w:rPr")
    if look.style:
        properties.append(made("w:rStyle", {"w:val": look.style}))
    if look.bold:
        properties.append(made("w:b"))
    if look.italic:
        properties.append(made("w:i"))
    if look.colour:
        properties.append(made("w:color", {"w:val": look.colour.removeprefix("#")}))
    return [properties] if len(properties) else []


def rich_runs(text: RichText) -> list[BaseOxmlElement]:
    """The runs of a text with its bold and italic stretches."""
    runs = (Run(text),) if isinstance(text, str) else text
    return [text_run(run.text, Look(run.bold, run.italic)) for run in runs]


def paragraph(
    style: str, children: Iterable[BaseOxmlElement] = (), properties: Iterable[BaseOxmlElement] = ()
) -> BaseOxmlElement:
    """A paragraph in the style with that id. properties: what stands in its `w:pPr` after the style."""
    own = made("w:pPr", children=[made("w:pStyle", {"w:val": style}), *properties])
    return made("w:p", children=[own, *children])


def field(instruction: str, shown: str) -> BaseOxmlElement:
    """A field that Word works out, such as PAGE, with what stands there until it does."""
    return made("w:fldSimple", {"w:instr": instruction}, [text_run(shown)])


def with_edge(properties: BaseOxmlElement, colour: str, fill: str) -> None:
    """Give a paragraph's properties a coloured left edge and a tint."""
    edge = {"w:val": "single", "w:sz": "24", "w:space": "8", "w:color": colour.removeprefix("#")}
    borders = made("w:pBdr", children=[made("w:left", edge)])
    shade = made("w:shd", {"w:val": "clear", "w:color": "auto", "w:fill": fill.removeprefix("#")})
    properties.insert_element_before(borders, *_AFTER_BORDERS)
    properties.insert_element_before(shade, *_AFTER_BORDERS[1:])
