"""Any files go into one zip whole, each under a name of its own."""

from __future__ import annotations

import io
import zipfile

from hypothesis import given
from hypothesis import strategies as st

from qa.jobs.lifecycle import JobFileContent
from qa.jobs.packing import zip_pieces

names = st.lists(st.sampled_from(["a.pdf", "A.pdf", "a-2.pdf", "b", "b-2", "c.d.pdf"]), max_size=8)


@given(names=names, content=st.binary(max_size=300))
def test_every_file_is_there_under_a_name_of_its_own(names: list[str], content: bytes) -> None:
    files = [
        JobFileContent(name, "application/pdf", content + bytes([place])) for place, name in enumerate(names)
    ]
    with zipfile.ZipFile(io.BytesIO(b"".join(zip_pieces(files)))) as packed:
        assert packed.testzip() is None
        listed = packed.namelist()
        assert len({name.casefold() for name in listed}) == len(files)
        assert [packed.read(name) for name in listed] == [file.content for file in files]
