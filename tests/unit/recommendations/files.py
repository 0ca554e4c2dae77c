"""Small files of each kind, good and bad."""

import zipfile
from io import BytesIO

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
JPG = b"\xff\xd8\xff\xe0" + b"\x00" * 20
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500
OFFICE = "application/vnd.openxmlformats-officedocument."
PARTS = {
    "docx": "wordprocessingml.document",
    "xlsx": "spreadsheetml.sheet",
    "pptx": "presentationml.presentation",
}


def office(kind: str, *, macros: bool = False) -> bytes:
    """The smallest package that is a docx, xlsx or pptx."""
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        types = f'<Types><Override ContentType="{OFFICE}{PARTS[kind]}.main+xml"/></Types>'
        package.writestr("[Content_Types].xml", types)
        if macros:
            package.writestr("word/vbaProject.bin", b"x")
    return written.getvalue()
