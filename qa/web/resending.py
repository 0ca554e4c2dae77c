"""A form that could not be taken as it was sent: shown with everything in it, to be sent once more.

It travels in the page alone: nothing of it is kept by the server or in a cookie.
"""

from urllib.parse import urlsplit

from flask import request, session

UNSHOWN = {"csrf_token", "password", "new_password", "current_password", "repeat", "version"}
_SECRET = UNSHOWN - {"csrf_token", "version"}


def typed() -> list[tuple[str, str]]:
    """The longer texts of the form that was sent, by field, for their writer to copy."""
    return [
        (name, text)
        for name, text in request.form.items(multi=True)
        if name not in UNSHOWN and len(text.strip()) > 20
    ]


def again() -> dict[str, object]:
    """For the page that offers to send the form once more: where to, its fields, and its longer texts.

    action: "" where it cannot be sent so: it holds a password or a file, nothing at all, or may have come
    from a page of somebody else's, who must not put their words under our button.
    """
    fields = [(name, text) for name, text in request.form.items(multi=True) if name != "csrf_token"]
    possible = bool(fields) and not request.files and not _SECRET & request.form.keys() and _from_our_page()
    return {
        "typed": typed(),
        "hidden": fields if possible else [],
        "action": request.full_path.rstrip("?") if possible else "",
    }


def _from_our_page() -> bool:
    """Whether a page of ours sent it: browsers say so; where one does not, its cookie came along (Lax)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    if origin and origin != "null":
        return urlsplit(origin).netloc == request.host
    return bool(session)
