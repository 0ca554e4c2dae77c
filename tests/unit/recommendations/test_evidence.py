"""Which files may be evidence."""

import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.problems import Refused
from qa.recommendations.evidence import FILES_LIMIT, NAME_LIMIT, Upload, checked, cleaned_name, extension
from tests.unit.recommendations.files import JPG, OLD_WORD, PDF, PNG, office

GOOD = {
    "report.pdf": (PDF, "application/pdf"),
    "Report.PDF": (PDF, "application/pdf"),
    "plan.docx": (office("docx"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "figures.xlsx": (office("xlsx"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "slides.pptx": (
        office("pptx"),
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    "photo.png": (PNG, "image/png"),
    "photo.jpg": (JPG, "image/jpeg"),
    "photo.jpeg": (JPG, "image/jpeg"),
    "note.txt": ("Café minutes\n".encode(), "text/plain"),
    "old note.txt": (b"Caf\xe9 minutes\r\n", "text/plain"),
    "wide.txt": ("Unicode text".encode("utf-16"), "text/plain"),
    "list.csv": (b"\xef\xbb\xbfteam,percent\r\nA,80\r\n", "text/csv"),
}


def refusal(name: str, content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        checked([Upload(name, content)])
    assert set(refused.value.errors) == {"evidence"}
    return refused.value.errors["evidence"]


@pytest.mark.parametrize("name", GOOD)
def test_allowed_kinds_are_kept_with_their_own_media_type(name: str) -> None:
    content, media_type = GOOD[name]
    (file,) = checked([Upload(name, content)])
    expected = name.replace(".PDF", ".pdf")
    assert (file.name, file.media_type, file.content) == (expected, media_type, content)
    assert len(file.sha256) == 64


@pytest.mark.parametrize(
    "name",
    ["run.exe", "page.html", "drawing.svg", "mail.eml", "mail.msg", "old.doc", "macro.docm", "none", ".pdf"],
)
def test_other_kinds_are_refused_by_name(name: str) -> None:
    assert "is not a kind of file that can be sent" in refusal(name, PDF)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("program.pdf", b"MZ\x90\x00"),
        ("page.pdf", b"<html><script>alert(1)</script>"),
        ("shifted.pdf", b"\n" + PDF),
        ("sheet.docx", office("xlsx")),
        ("zip.docx", b"PK\x03\x04 but no zip"),
        ("drawing.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("photo.jpg", PNG),
        ("program.txt", b"\x7fELF\x02\x01\x01\x00"),
        ("half.txt", b"\xff\xfeA"),
        ("undefined.csv", b"a\x81b"),
    ],
)
def test_content_that_is_not_what_the_name_says_is_refused(name: str, content: bytes) -> None:
    assert f"“{name}” is not what its name says" in refusal(name, content)


def test_a_package_without_contents_is_refused() -> None:
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        package.writestr("word/document.xml", "<x/>")
    assert "not what its name says" in refusal("plan.docx", written.getvalue())


def test_macros_locked_files_and_empty_files_are_refused_each_in_its_own_words() -> None:
    assert "holds macros" in refusal("plan.docx", office("docx", macros=True))
    assert "locked with a password or in an older format" in refusal("plan.docx", OLD_WORD)
    assert "“plan.docx” is empty" in refusal("plan.docx", b"")


def test_every_bad_file_is_named_at_once() -> None:
    with pytest.raises(Refused) as refused:
        checked([Upload("a.exe", b"MZ"), Upload("good.pdf", PDF), Upload("b.pdf", b"")])
    message = refused.value.errors["evidence"]
    assert "“a.exe”" in message
    assert "“b.pdf” is empty" in message
    assert "good.pdf" not in message


def test_too_many_files_are_refused() -> None:
    with pytest.raises(Refused, match="10 files or fewer"):
        checked([Upload(f"{number}.pdf", PDF) for number in range(FILES_LIMIT + 1)])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("C:\\Users\\someone\\plan.pdf", "plan.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("plan\r\nSet-Cookie: x.pdf", "planSet-Cookie_ x.pdf"),
        ("invoice\u202efdp.exe.pdf", "invoicefdp.exe.pdf"),
        ("  two   spaces .pdf", "two spaces.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("...pdf", "pdf"),
        ('quote"d<b>.pdf', "quote_d_b_.pdf"),
        ("Naïve – plan.pdf", "Naïve – plan.pdf"),
        ("", "evidence"),
    ],
)
def test_names_are_cleaned(typed: str, kept: str) -> None:
    assert cleaned_name(typed) == kept


@given(st.text(max_size=400))
def test_a_cleaned_name_is_safe_short_and_stays_as_it_is(name: str) -> None:
    cleaned = cleaned_name(name)
    assert cleaned
    assert len(cleaned) <= NAME_LIMIT
    assert not set(cleaned) & set('/\\<>:"|?*\r\n\0')
    assert cleaned_name(cleaned) == cleaned


@given(st.text(max_size=40), st.sampled_from(["pdf", "PNG", "docx"]))
def test_a_cleaned_name_keeps_its_extension(stem: str, end: str) -> None:
    assert extension(cleaned_name(f"x{stem}.{end}")) in {end.lower(), ""}
    assert extension(cleaned_name(f"x.{end}")) == end.lower()
