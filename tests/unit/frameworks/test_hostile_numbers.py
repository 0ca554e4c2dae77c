"""Numbers in a stranger's workbook that no number can be."""

import io
import zipfile

import pytest

from qa.config import ImportLimits
from qa.frameworks.workbook.archive import BadArchive
from qa.frameworks.workbook.opening import open_workbook

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_PARTS = {
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>'
    '<sheet name="One" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">'
    f'<Relationship Id="r1" Type="{_REL}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{_REL}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>',
}


@pytest.mark.parametrize("number", ["1e999", "-1e999", "nan"])
def test_a_day_without_end_is_a_broken_file(number: str) -> None:
    sheet = (
        f'<worksheet xmlns="{_MAIN}"><sheetData><row r="1"><c r="A1" s="0"><v>{number}</v></c></row>'
        "</sheetData></worksheet>"
    )
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as packed:
        for name, text in {**_PARTS, "xl/worksheets/sheet1.xml": sheet}.items():
            packed.writestr(name, text)
    limits = ImportLimits(file_mb=1, unpacked_mb=1, values=100, sheets=5, seconds=5)
    with pytest.raises(BadArchive):
        open_workbook(raw.getvalue(), limits, as_typed=True)
