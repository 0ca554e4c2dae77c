"""Which files may be evidence: told by their content as well as their name, so that neither can mislead."""

import hashlib
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import NamedTuple

from qa.problems import refused

FIELD = "evidence"
FILES_LIMIT = 10
NAME_LIMIT = 120
CONTENTS_LIMIT = 1024 * 1024  # of an Office file's list of parts, unpacked
OFFICE = "application/vnd.openxmlformats-officedocument."
ALLOWED_WORDS = "PDF, Word (docx), Excel (xlsx), PowerPoint (pptx), PNG, JPG, plain text (txt) or CSV"


class Upload(NamedTuple):
    """A file as a browser sent it: nothing about it is believed."""

    name: str
    content: bytes


class CheckedFile(NamedTuple):
    """A file that may be kept: its cleaned name, the media type it is served with, its content and hash."""

    name: str
    media_type: str
    content: bytes
    sha256: str


def checked(uploads: Sequence[Upload]) -> list[CheckedFile]:
    """Every file, checked and its name cleaned; all or none.

    Raises Refused next to the field `evidence`, naming each file that cannot be kept and why.
    """
    if len(uploads) > FILES_LIMIT:
        raise refused(f"Choose {FILES_LIMIT} files or fewer. You can send more with another update", FIELD)
    named = [(cleaned_name(upload.name), upload.content) for upload in uploads]
    problems = [problem for name, content in named if (problem := _problem(name, content))]
    if problems:
        raise refused(". ".join(problems), FIELD)
    return [
        CheckedFile(name, KINDS[extension(name)][0], content, hashlib.sha256(content).hexdigest())
        for name, content in named
    ]


def extension(name: str) -> str:
    """The last part of a file's name, in lower case and without its dot; empty when there is none."""
    stem, dot, end = name.rpartition(".")
    return end.lower() if dot and stem else ""


def cleaned_name(name: str) -> str:
    """A name that is safe on every computer: no folders, no control or direction marks, not too long."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(c for c in name if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    name = re.sub(r'[<>:"|?*]', "_", name)
    name = re.sub(r"\s+", " ", name).strip(" .")
    end = extension(name)
    stem = (name[: -len(end) - 1] if end else name).strip(" .")
    if re.fullmatch(r"(?i)con|prn|aux|nul|com\d|lpt\d", stem):
        stem = f"_{stem}"
    stem = stem[: NAME_LIMIT - len(end[:10]) - 1].rstrip(" .") or "evidence"
    return f"{stem}.{end[:10]}" if end else stem


def _problem(name: str, content: bytes) -> str:
    """What is wrong with a file, in a sentence without its full stop; empty when nothing is."""
    kind = KINDS.get(extension(name))
    if kind is None:
        return f"“{name}” is not a kind of file that can be sent. Send a {ALLOWED_WORDS} file"
    if not content:
        return f"“{name}” is empty. Check it and choose it again"
    return kind[1](name, content)


def _starts_with(*openings: bytes) -> Callable[[str, bytes], str]:
    def check(name: str, content: bytes) -> str:
        return "" if content.startswith(openings) else _misnamed(name)

    return check


def _misnamed(name: str) -> str:
    return (
        f"“{name}” is not what its name says: its content is not that of a .{extension(name)} file. "
        "Open it, save it again in the right format, and choose the new file"
    )


def _office(main_part: str) -> Callable[[str, bytes], str]:
    def check(name: str, content: bytes) -> str:
        if content.startswith(b"\xd0\xcf\x11\xe0"):  # the container of older and of locked Office files
            return (
                f"“{name}” is locked with a password or in an older format. Save it without a password as "
                f".{extension(name)}, and choose the new file"
            )
        try:
            with zipfile.ZipFile(BytesIO(content)) as package:
                names = package.namelist()
                with package.open("[Content_Types].xml") as listed:
                    types = listed.read(CONTENTS_LIMIT).decode("utf-8", "replace")
        except (zipfile.BadZipFile, KeyError, ValueError, OSError, RuntimeError, zlib.error, EOFError):
            return _misnamed(name)
        if "macroEnabled" in types or any(part.lower().endswith("vbaproject.bin") for part in names):
            return f"“{name}” holds macros. Save it without them, or as a PDF, and choose the new file"
        return "" if f"{OFFICE}{main_part}.main+xml" in types else _misnamed(name)

    return check


def _plain_text(name: str, content: bytes) -> str:
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        odd = any(unicodedata.category(c) == "Cc" and c not in "\t\n\r\f\x1a" for c in text)
        return _misnamed(name) if odd else ""
    return _misnamed(name)


KINDS: dict[str, tuple[str, Callable[[str, bytes], str]]] = {
    "pdf": ("application/pdf", _starts_with(b"%PDF-")),
    "docx": (f"{OFFICE}wordprocessingml.document", _office("wordprocessingml.document")),
    "xlsx": (f"{OFFICE}spreadsheetml.sheet", _office("spreadsheetml.sheet")),
    "pptx": (f"{OFFICE}presentationml.presentation", _office("presentationml.presentation")),
    "png": ("image/png", _starts_with(b"\x89PNG\r\n\x1a\n")),
    "jpg": ("image/jpeg", _starts_with(b"\xff\xd8\xff")),
    "jpeg": ("image/jpeg", _starts_with(b"\xff\xd8\xff")),
    "txt": ("text/plain", _plain_text),
    "csv": ("text/csv", _plain_text),
}
"""Media type and check by extension. Not e-mails (.eml, .msg): they carry other people's words and files."""
