"""A chart's drawing as a PNG picture: Word shows pictures everywhere, vectors only in some versions."""

from functools import lru_cache
from io import BytesIO
from typing import Any, Final

from PIL import Image, ImageDraw, ImageFont
from reportlab.graphics.shapes import Drawing, Group, Line, Rect, String
from reportlab.lib.colors import Color

from qa.publishing import palette
from qa.publishing.typesetting import fonts

_DOTS: Final = 3.0
"""Dots for a point: 216 to the inch."""


def png(drawing: Drawing) -> bytes:
    """Return `drawing` as a PNG file, on white."""
    size = max(round(drawing.width * _DOTS), 1), max(round(drawing.height * _DOTS), 1)
    image = Image.new("RGB", size, palette.PAPER)
    _draw(ImageDraw.Draw(image), drawing, drawing.height)
    written = BytesIO()
    image.quantize(64).save(written, "PNG", optimize=True)
    return written.getvalue()


def _draw(pen: ImageDraw.ImageDraw, group: Group, height: float) -> None:
    for shape in group.contents:
        if isinstance(shape, Group):
            _draw(pen, shape, height)
        elif isinstance(shape, Rect):
            top = height - shape.y - shape.height
            box = _dots(shape.x, top, shape.x + shape.width, top + shape.height)
            # A bar narrower than a dot is still a bar.
            pen.rectangle(
                (box[0], box[1], max(box[0], box[2] - 1), max(box[1], box[3] - 1)), _hex(shape.fillColor)
            )
        elif isinstance(shape, Line):
            ends = _dots(shape.x1, height - shape.y1, shape.x2, height - shape.y2)
            pen.line(ends, _hex(shape.strokeColor), max(round(shape.strokeWidth * _DOTS), 1))
        elif isinstance(shape, String):
            place = shape.x * _DOTS, (height - shape.y) * _DOTS
            font = _font(shape.fontName, round(shape.fontSize * _DOTS))
            pen.text(place, shape.text, _hex(shape.fillColor), font, anchor="ls")


def _dots(*points: float) -> tuple[float, ...]:
    return tuple(round(point * _DOTS) for point in points)


@lru_cache(maxsize=32)
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    face: Any = fonts.load(name).face
    # The plain layout engine sets what the PDF and the page set: one glyph for a character.
    return ImageFont.truetype(face.filename, size, layout_engine=ImageFont.Layout.BASIC)


def _hex(colour: Color | None) -> str:
    return str(colour.hexval()).replace("0x", "#") if colour is not None else palette.INK
