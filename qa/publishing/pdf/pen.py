"""The only place that writes on a page of the PDF: text, rules, boxes, links and bookmarks.

Text arrives as `Lines` or as a chart's strings, which are made from `Lines`; both have been made visible
already. It is written as character codes of an embedded font, so nothing in it can be read as markup or as
PDF.
"""

from functools import cache
from typing import Final
from urllib.parse import quote, urljoin

from reportlab.graphics.shapes import Drawing, Group, String
from reportlab.graphics.shapes import Line as LineShape
from reportlab.graphics.shapes import Rect as RectShape
from reportlab.lib.colors import Color
from reportlab.lib.rl_accel import escapePDF
from reportlab.pdfbase.pdfdoc import PDFDocument
from reportlab.pdfgen.canvas import Canvas

from qa.publishing import palette
from qa.publishing.charts import LinkedGroup
from qa.publishing.typesetting import fonts
from qa.publishing.typesetting.text import Lines

_ESCAPES: Final = str.maketrans({"\\": r"\\", "(": r"\(", ")": r"\)"})
_URL_SIGNS: Final = "%/:=&?~#+!$,;'@()*[]"


class Pen:
    """Draws on one canvas. `y` and `top` count in points from the foot of the page, as PDF does."""

    def __init__(self, canvas: Canvas, anchors: frozenset[str], base_url: str | None) -> None:
        """Draw on `canvas`. `anchors` may be linked to; without `base_url` links to paths are dropped."""
        self.canvas = canvas
        self._pdf: PDFDocument = canvas._doc  # type: ignore[attr-defined]  # fonts are kept per file
        self._anchors = anchors
        self._base_url = base_url
        self._font_codes: dict[tuple[str, int], str] = {}

    def text(self, lines: Lines, x: float, top: float) -> None:
        """Write `lines` with the top of the first at `top`, aligned within their width."""
        style = lines.style
        baseline = top - style.baseline
        written = [f"BT {_rgb(style.colour)} rg"]
        font_set = ""
        for line in lines.lines:
            start = x + _indent(lines, line.width)
            for segment in line.segments:
                written.append(f"1 0 0 1 {start + segment.x:.2f} {baseline:.2f} Tm")
                for font, codes in self._encoded(segment.font, segment.text):
                    if font != font_set:
                        written.append(f"{font} {style.size:g} Tf")
                        font_set = font
                    written.append(f"({codes}) Tj")
            baseline -= style.leading
        written.append("ET")
        self.canvas.addLiteral(" ".join(written))

    def box(self, x: float, top: float, width: float, height: float, colour: str) -> None:
        """Fill a rectangle."""
        self.canvas.addLiteral(f"{_rgb(colour)} rg {x:.2f} {top - height:.2f} {width:.2f} {height:.2f} re f")

    def frame(self, x: float, top: float, width: float, height: float, colour: str) -> None:
        """Draw the outline of a rectangle."""
        place = f"{x:.2f} {top - height:.2f} {width:.2f} {height:.2f}"
        self.canvas.addLiteral(f"{_rgb(colour)} RG 0.8 w {place} re S")

    def rule(self, x: float, y: float, width: float, colour: str, thickness: float = 0.5) -> None:
        """Draw a horizontal rule."""
        self.canvas.addLiteral(
            f"{_rgb(colour)} RG {thickness:g} w {x:.2f} {y:.2f} m {x + width:.2f} {y:.2f} l S"
        )

    def tick(self, x: float, top: float, size: float, colour: str) -> None:
        """Draw a tick in a square of `size`."""
        self._path(
            x,
            top,
            size,
            ((0.08, 0.5), (0.38, 0.82), (0.92, 0.16)),
            f"{_rgb(colour)} RG {size / 5:.2f} w",
            "S",
        )

    def triangle(self, x: float, top: float, size: float, colour: str) -> None:
        """Draw a filled triangle that points upwards, in a square of `size`."""
        self._path(x, top, size, ((0.0, 0.95), (0.5, 0.08), (1.0, 0.95)), f"{_rgb(colour)} rg", "f")

    def link(self, x: float, top: float, width: float, height: float, target: str, label: str) -> bool:
        """Make a rectangle a link to `#anchor` or to an address; say False where it would lead nowhere."""
        area = (x, top - height, x + width, top)
        if target.startswith("#"):
            if target[1:] in self._anchors:
                self.canvas.linkRect(label, _key(target[1:]), area, relative=0, thickness=0)
            return target[1:] in self._anchors
        if target.startswith("/"):
            if self._base_url is None:
                return False
            target = urljoin(self._base_url, target)
        self.canvas.linkURL(quote(target, safe=_URL_SIGNS), area, relative=0, thickness=0)
        return True

    def link_lines(self, lines: Lines, x: float, top: float, target: str) -> None:
        """Make each line of a text that is already written a link, underlined where it leads somewhere."""
        for number, line in enumerate(lines.lines):
            label = "".join(segment.text for segment in line.segments)
            line_top = top - number * lines.style.leading
            start = x + _indent(lines, line.width)
            if self.link(start, line_top, line.width, lines.style.leading, target, label):
                self.rule(start, line_top - lines.style.baseline - 1.6, line.width, palette.LINK_RULE, 0.6)

    def bookmark(self, anchor: str, title: str, level: int, top: float) -> None:
        """Bind `anchor` to this height of this page and add `title` to the outline; `level` counts from 0."""
        self.canvas.bookmarkPage(_key(anchor), fit="XYZ", left=0, top=top)
        self.canvas.addOutlineEntry(title, _key(anchor), level)

    def drawing(self, drawing: Drawing, x: float, top: float) -> None:
        """Draw a chart with its upper left corner at `x`, `top`."""
        self._shapes(drawing, x, top - drawing.height)

    def _path(
        self, x: float, top: float, size: float, points: tuple[tuple[float, float], ...], state: str, end: str
    ) -> None:
        """Draw a path given in parts of a square, from its upper left corner."""
        places = [f"{x + size * across:.2f} {top - size * down:.2f}" for across, down in points]
        self.canvas.addLiteral(
            f"{state} {places[0]} m {' '.join(f'{place} l' for place in places[1:])} {end}"
        )

    def _shapes(self, group: Group, x: float, y: float) -> None:
        for shape in group.contents:
            if isinstance(shape, RectShape):
                self.box(
                    x + shape.x, y + shape.y + shape.height, shape.width, shape.height, _hex(shape.fillColor)
                )
            elif isinstance(shape, LineShape):
                self._line(shape, x, y)
            elif isinstance(shape, String):
                self._string(shape, x, y)
            elif isinstance(shape, Group):
                self._shapes(shape, x, y)
                if isinstance(shape, LinkedGroup):
                    x1, y1, x2, y2 = shape.getBounds()
                    self.link(x + x1, y + y2, x2 - x1, y2 - y1, shape.href, shape.label)

    def _line(self, line: LineShape, x: float, y: float) -> None:
        self.canvas.addLiteral(
            f"{_rgb(_hex(line.strokeColor))} RG {line.strokeWidth:g} w "
            f"{x + line.x1:.2f} {y + line.y1:.2f} m {x + line.x2:.2f} {y + line.y2:.2f} l S"
        )

    def _string(self, string: String, x: float, y: float) -> None:
        written = [f"BT {_rgb(_hex(string.fillColor))} rg 1 0 0 1 {x + string.x:.2f} {y + string.y:.2f} Tm"]
        for font, codes in self._encoded(string.fontName, string.text):
            written.append(f"{font} {string.fontSize:g} Tf ({codes}) Tj")
        written.append("ET")
        self.canvas.addLiteral(" ".join(written))

    def _encoded(self, font_name: str, text: str) -> list[tuple[str, str]]:
        """The text as codes of the font's subsets; the first subset holds ASCII as it is."""
        if text.isascii():
            return [(self._font_code(font_name, 0), text.translate(_ESCAPES))]
        chunks = fonts.load(font_name).splitString(text, self._pdf)
        return [(self._font_code(font_name, subset), escapePDF(codes)) for subset, codes in chunks]

    def _font_code(self, font_name: str, subset: int) -> str:
        code = self._font_codes.get((font_name, subset))
        if code is None:
            font = fonts.load(font_name)
            font.splitString(" ", self._pdf)
            code = str(font.getSubsetInternalName(subset, self._pdf))
            self._font_codes[font_name, subset] = code
        return code


def _indent(lines: Lines, width: float) -> float:
    if lines.style.align == "left":
        return 0.0
    spare = lines.width - width
    return spare if lines.style.align == "right" else spare / 2


def _key(anchor: str) -> str:
    return f"heading-{anchor}"


def _hex(colour: Color | None) -> str:
    return str(colour.hexval()).replace("0x", "#") if colour is not None else palette.INK


@cache
def _rgb(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return f"{red:.3f} {green:.3f} {blue:.3f}"
