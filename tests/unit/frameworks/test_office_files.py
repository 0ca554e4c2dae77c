"""Looking into an Office file before it is opened."""

import io
import zipfile
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.frameworks.office_files import BadOfficeFile, OfficeKind, OfficeLimits, check_office_zip

LIMITS = OfficeLimits(unpacked=5_000_000, parts=50)
PREFIX = "application/vnd.openxmlformats-officedocument."
TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
)
RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
    'Target="{target}" TargetMode="{mode}"/></Relationships>'
)
WORD = TYPES.format(main=PREFIX + OfficeKind.WORD.main)
WORKBOOK = TYPES.format(main=PREFIX + OfficeKind.WORKBOOK.main)


def packed(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def word(**more: str | bytes) -> bytes:
    """A small Word document, with parts that are named with __ for a slash and _dot_ for a full stop."""
    named = {name.replace("__", "/").replace("_dot_", "."): content for name, content in more.items()}
    return packed({"[Content_Types].xml": WORD, "word/document.xml": "<document/>"} | named)


def refusal(raw: bytes, kind: OfficeKind = OfficeKind.WORD, limits: OfficeLimits = LIMITS) -> str:
    with pytest.raises(BadOfficeFile) as refused:
        check_office_zip(raw, limits, kind)
    return str(refused.value)


def relation(kind: str, mode: str = "External") -> str:
    return RELS.format(kind=kind, target="file:///etc/passwd", mode=mode)


def test_a_plain_document_and_a_plain_workbook_pass() -> None:
    check_office_zip(word(), LIMITS, OfficeKind.WORD)
    check_office_zip(packed({"[Content_Types].xml": WORKBOOK}), LIMITS, OfficeKind.WORKBOOK)


@pytest.mark.parametrize("kind", ["hyperlink", "attachedTemplate", "image"])
def test_what_only_a_person_would_follow_is_allowed(kind: str) -> None:
    check_office_zip(word(word___rels__document_dot_xml_dot_rels=relation(kind)), LIMITS, OfficeKind.WORD)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "cannot be read as a Word document"),
        (b"plain text", "cannot be read as a Word document"),
        (word()[:-40], "cannot be read as a Word document"),
        (packed({"readme.txt": "hello"}), "cannot be read as a Word document"),
        (packed({"[Content_Types].xml": "<Types"}), "cannot be read as a Word document"),
        (packed({"[Content_Types].xml": WORKBOOK}), "is an Excel workbook, not a Word document"),
        (packed({"[Content_Types].xml": WORD}, zipfile.ZIP_LZMA), "cannot be read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old format (.doc)"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            "protected by a password",
        ),
        (word(word__vbaProject_dot_bin=b"x"), "holds macros"),
        (
            packed({"[Content_Types].xml": WORD.replace("main+xml", "main.macroEnabled+xml")}),
            "holds macros",
        ),
        (word(word__embeddings__oleObject1_dot_bin=b"x"), "embedded objects"),
        (word(xl__externalLinks__externalLink1_dot_xml="<x/>"), "from another file or address"),
        (word(word___rels__document_dot_xml_dot_rels=relation("oleObject")), "from another file or address"),
        (word(word___rels__document_dot_xml_dot_rels=relation("subDocument")), "from another file"),
        (word(word__a_dot_xml="<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "XML entities"),
        (word(word__a_dot_xml="<!DOCTYPE a><a/>".encode("utf-16")), "XML entities"),
        (word(word__a_dot_xml="<!DOCTYPE a><a/>".encode("utf-32")), "XML entities"),
        (word(word__a_dot_xml='<?xml version="1.0" encoding="UTF-7"?>+ADw-a/+AD4-'), "cannot be read"),
        (word(_rels___dot_rels=relation("x", "").replace("file:", "http://purl.oclc.org/ooxml")), "Strict"),
        (word(**{f"word__p{number}_dot_xml": "<p/>" for number in range(60)}), "62 parts; 50 are allowed"),
        (word(word__media__a_dot_png=bytes(6_000_000)), "larger than 5 MB when unpacked"),
    ],
)  # fmt: skip
def test_what_should_not_be_opened_is_refused_with_the_remedy(raw: bytes, said: str) -> None:
    assert said in refusal(raw)


def test_xml_under_another_name_is_looked_into_too() -> None:
    types = WORD.replace("/word/document.xml", "/word/document.bin")
    raw = packed({"[Content_Types].xml": types, "word/document.bin": "<!DOCTYPE a><a/>"})
    assert "XML entities" in refusal(raw)


def test_a_directory_that_understates_its_sizes_unpacks_no_more_than_it_says() -> None:
    raw = word(word__a_dot_xml="<a>" + "b" * 3_000_000 + "</a>")
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        true_size = archive.getinfo("word/a.xml").file_size.to_bytes(4, "little")
    lying = raw.replace(true_size, (30).to_bytes(4, "little"))
    assert "cannot be read" in refusal(lying)


def test_an_encrypted_part_is_refused() -> None:
    raw = bytearray(word())
    for mark, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        start = raw.find(mark)
        while start >= 0:
            raw[start + place] |= 1
            start = raw.find(mark, start + 4)
    assert "protected by a password" in refusal(bytes(raw))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 255), st.binary(max_size=40))
def test_damage_is_refused_in_words_or_does_no_harm(place: int, value: int, tail: bytes) -> None:
    raw = bytearray(word(word___rels__document_dot_xml_dot_rels=relation("hyperlink")))
    raw[place % len(raw)] = value
    try:
        check_office_zip(bytes(raw) + tail, LIMITS, OfficeKind.WORD)
    except BadOfficeFile as refused:
        said = str(refused)
    else:
        said = "The file is fine"
    assert said.startswith("The file ")
