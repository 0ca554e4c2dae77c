"""The styles of a Word file: real headings, so that its navigation works, in the colours of our reports."""

from typing import Any, Final, NamedTuple

from docx.document import Document as WordFile
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.styles.style import ParagraphStyle

from qa.publishing import palette
from qa.publishing.document import FindingKind
from qa.publishing.word.markup import made, with_edge

FONT: Final = "Arial"
LEAD: Final = "AtLead"
SMALL: Final = "AtSmall"
CALLOUT: Final = "AtCallout"
CELL: Final = "AtCell"
MARKING: Final = "AtMarking"
RUNNING: Final = "AtRunning"
LINK: Final = "AtLink"
FINDINGS: Final = {FindingKind.STRENGTH: "AtStrength", FindingKind.IMPROVEMENT: "AtImprovement"}
CONTENTS: Final = {1: "TOC1", 2: "TOC2"}
_THEME: Final = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")


class _Shape(NamedTuple):
    """A style's name, and how it looks: sizes and spaces in points."""

    name: str
    size: float
    colour: str
    bold: bool
    before: float
    after: float


_OURS: Final = (
    _Shape("Title", 28, palette.BRAND, True, 30, 6),
    _Shape("Subtitle", 15, palette.SOFT_INK, False, 0, 14),
    _Shape("Heading 1", 20, palette.BRAND, True, 26, 8),
    _Shape("Heading 2", 15, palette.INK, True, 20, 6),
    _Shape("Heading 3", 12, palette.INK, True, 14, 4),
    _Shape("Normal", 11, palette.INK, False, 0, 7),
    _Shape("List Bullet", 11, palette.INK, False, 0, 4),
    _Shape("List Number", 11, palette.INK, False, 0, 4),
    _Shape("Caption", 10, palette.INK, True, 10, 4),
)
_ADDED: Final = (
    _Shape("At Lead", 13, palette.SOFT_INK, False, 0, 9),
    _Shape("At Small", 9.5, palette.SOFT_INK, False, 4, 12),
    _Shape("At Callout", 11, palette.INK, False, 0, 0),
    _Shape("At Cell", 10, palette.INK, False, 2, 2),
    _Shape("At Marking", 10, palette.INK, True, 0, 0),
    _Shape("At Running", 8.5, palette.SOFT_INK, False, 0, 0),
    _Shape("At Strength", 12, palette.STRENGTH, True, 12, 4),
    _Shape("At Improvement", 12, palette.IMPROVEMENT, True, 12, 4),
    _Shape("toc 1", 11, palette.INK, True, 6, 2),
    _Shape("toc 2", 10.5, palette.INK, False, 0, 2),
)


def set_styles(file: WordFile, language: str) -> None:
    """Give python-docx's own template our typeface, language, headings and the styles it lacks."""
    defaults: Any = file.styles.element
    properties = defaults.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    _set_font(properties)
    spoken = properties.find(qn("w:lang"))
    spoken.set(qn("w:val"), language)
    spoken.set(qn("w:eastAsia"), language)
    for shape in _OURS:
        _give(_paragraph_style(file, shape.name), shape)
    for shape in _ADDED:
        file.styles.add_style(shape.name, WD_STYLE_TYPE.PARAGRAPH)
        style = _paragraph_style(file, shape.name)
        style.base_style = file.styles["Normal"]
        _give(style, shape)
    _edges(file)
    for name in ("Caption", "Heading 1", "Heading 2", "Heading 3", "At Strength", "At Improvement"):
        _paragraph_style(file, name).paragraph_format.keep_with_next = True
    _paragraph_style(file, "toc 2").paragraph_format.left_indent = Pt(14)
    link = file.styles.add_style("At Link", WD_STYLE_TYPE.CHARACTER)
    link.element.get_or_add_rPr().append(made("w:color", {"w:val": palette.BRAND.removeprefix("#")}))
    link.element.get_or_add_rPr().append(made("w:u", {"w:val": "single"}))


def _paragraph_style(file: WordFile, name: str) -> ParagraphStyle:
    style = file.styles[name]
    if not isinstance(style, ParagraphStyle):
        raise TypeError(f"{name} is no paragraph style")
    return style


def _give(style: ParagraphStyle, shape: _Shape) -> None:
    _set_font(style.element.get_or_add_rPr())
    style.font.size = Pt(shape.size)
    style.font.bold = shape.bold
    style.font.italic = False
    style.font.color.rgb = RGBColor.from_string(shape.colour.removeprefix("#"))
    style.paragraph_format.space_before = Pt(shape.before)
    style.paragraph_format.space_after = Pt(shape.after)
    borders = style.element.get_or_add_pPr().find(qn("w:pBdr"))
    if borders is not None:
        borders.getparent().remove(borders)


def _set_font(properties: Any) -> None:
    """Name the typeface outright: a theme's would win over it."""
    fonts = properties.get_or_add_rFonts()
    for name in _THEME:
        fonts.attrib.pop(qn(f"w:{name}"), None)
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), FONT)


def _edges(file: WordFile) -> None:
    for name, colour, fill in (
        ("At Callout", palette.BRAND, palette.TINT),
        ("At Strength", palette.STRENGTH, palette.STRENGTH_TINT),
        ("At Improvement", palette.IMPROVEMENT, palette.IMPROVEMENT_TINT),
    ):
        style = _paragraph_style(file, name)
        style.paragraph_format.left_indent = Pt(12)
        with_edge(style.element.get_or_add_pPr(), colour, fill)
