"""A chart's drawing as inline SVG, with presentation attributes only, as a strict security policy asks."""

from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from markupsafe import Markup
from reportlab.graphics.shapes import Drawing, Group, Line, Rect, String
from reportlab.lib.colors import Color

from qa.publishing import palette
from qa.publishing.charts import LinkedGroup
from qa.publishing.plain_text import one_line

_FAMILY: Final = "Noto Sans, Arial, Helvetica, sans-serif"


def svg(drawing: Drawing, title: str, description: str, identity: str) -> Markup:
    """Return `drawing` as an SVG element with an accessible name and description.

    `identity` begins the ids of its title and description and must be unique on the page. A drawing with
    links is a group, so that they can be reached; one without is a single picture (`role="img"` hides links).
    """
    role = "group" if _has_link(drawing) else "img"
    root = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {drawing.width:.0f} {drawing.height:.0f}",
            "width": f"{drawing.width:.0f}",
            "height": f"{drawing.height:.0f}",
            "class": "at-report-chart__picture",
            "role": role,
            "aria-labelledby": f"{identity}-title",
            "aria-describedby": f"{identity}-description",
            "font-family": _FAMILY,
        },
    )
    SubElement(root, "title", {"id": f"{identity}-title"}).text = one_line(title)
    SubElement(root, "desc", {"id": f"{identity}-description"}).text = one_line(description)
    _add(root, drawing, drawing.height)
    # The tree escapes every text and attribute that it writes.
    return Markup(tostring(root, encoding="unicode"))  # noqa: S704


def _has_link(group: Group) -> bool:
    return any(
        isinstance(shape, LinkedGroup) or (isinstance(shape, Group) and _has_link(shape))
        for shape in group.contents
    )


def _add(parent: Element, group: Group, height: float) -> None:
    for shape in group.contents:
        if isinstance(shape, LinkedGroup):
            attributes = {"href": shape.href, "aria-label": one_line(shape.label)}
            _add(SubElement(parent, "a", attributes), shape, height)
        elif isinstance(shape, Group):
            _add(parent, shape, height)
        elif isinstance(shape, Rect):
            SubElement(parent, "rect", _rect(shape, height))
        elif isinstance(shape, Line):
            SubElement(parent, "line", _line(shape, height))
        elif isinstance(shape, String):
            SubElement(parent, "text", _text(shape, height)).text = shape.text


def _rect(rect: Rect, height: float) -> dict[str, str]:
    return {
        "x": f"{rect.x:.1f}",
        "y": f"{height - rect.y - rect.height:.1f}",
        "width": f"{rect.width:.1f}",
        "height": f"{rect.height:.1f}",
        "fill": _hex(rect.fillColor),
    }


def _line(line: Line, height: float) -> dict[str, str]:
    return {
        "x1": f"{line.x1:.1f}",
        "y1": f"{height - line.y1:.1f}",
        "x2": f"{line.x2:.1f}",
        "y2": f"{height - line.y2:.1f}",
        "stroke": _hex(line.strokeColor),
        "stroke-width": f"{line.strokeWidth:g}",
    }


def _text(string: String, height: float) -> dict[str, str]:
    attributes = {
        "x": f"{string.x:.1f}",
        "y": f"{height - string.y:.1f}",
        "font-size": f"{string.fontSize:g}",
        "fill": _hex(string.fillColor),
    }
    if "Bold" in string.fontName:
        attributes["font-weight"] = "bold"
    return attributes


def _hex(colour: Color | None) -> str:
    return str(colour.hexval()).replace("0x", "#") if colour is not None else palette.INK
