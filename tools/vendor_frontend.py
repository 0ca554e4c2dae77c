"""Bring the front-end files that the pages and browser tests use into the tree, ready to serve.

The application must run without Node, so prebuilt files from npm packages are kept in the repository.
This script is how they got there and how they are upgraded: change a version below, then run
`python tools/vendor_frontend.py`. It needs `npm`, writes only to the two vendor folders, and ends with a
message and exit code 1 when a new release breaks one of the promises that it checks.

What it changes in the packages' CSS, and why:

- GDS Transport and the crest may only be used on gov.uk, so neither they nor any mention is kept;
- addresses of images become relative, so that the folder can be served from anywhere;
- MoJ Frontend's copy of GOV.UK's custom properties goes: it is older than the GOV.UK Frontend served
  beside it and would override it.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

GOVUK = ("govuk-frontend", "6.6.0")
MOJ = ("@ministryofjustice/frontend", "11.1.0")
AXE = ("axe-core", "4.14.1")

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "qa" / "web" / "static" / "vendor"
BROWSER = ROOT / "tests" / "browser" / "vendor"

# The npm packages name their licence (MIT) but carry no copy of it: the copyright lines are from their
# repositories' licence files.
GOVUK_COPYRIGHT = "Copyright (C) 2017 Crown Copyright (Government Digital Service)"
MOJ_COPYRIGHT = "Copyright (c) 2019 Ministry of Justice"

MIT = """MIT License

{copyright}

Permission is hereby granted, free of charge, to any person obtaining a copy of
this software and associated documentation files (the "Software"), to deal in
the Software without restriction, including without limitation the rights to
use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies
of the Software, and to permit persons to whom the Software is furnished to do
so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""

README = """# Front-end files from elsewhere

Written by `tools/vendor_frontend.py`; change versions there and run it again, never edit these files.

| folder | npm package | version | licence |
|---|---|---|---|
| `{govuk_folder}/` | `{govuk}` | {govuk_version} | MIT |
| `{moj_folder}/` | `{moj}` | {moj_version} | MIT |

Both scripts are ES modules without dependencies (no jQuery). Removed from the CSS: the GDS Transport font and
the crest, which only gov.uk may use, and MoJ Frontend's older copy of GOV.UK's custom properties.
`axe-core`, for the browser tests, is in `tests/browser/vendor/`.
"""

FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
# The footer's crest is drawn by this pseudo-element alone; without its image it would be a filled box.
CREST_RULE = re.compile(r"\.govuk-footer__copyright-logo:before\{[^}]*\}")
SOURCE_MAP = re.compile(r"\s*(?://# sourceMappingURL=\S+|/\*# sourceMappingURL=\S+ \*/)\s*$")
PROPERTIES_BLOCK = re.compile(r":root\{(?:--govuk-[^;}]*;?)+\}")
IMAGE_ADDRESS = re.compile(r"url\((/assets/images/([^)]+))\)")
PROPERTY_USED = re.compile(r"var\((--[a-z0-9-]+)\)")


class VendorError(Exception):
    """A package does not hold what is expected; the message says what."""


def unpack(package: tuple[str, str], into: Path) -> Path:
    """Fetch one npm package by the machine's own npm and unpack it.

    package: name and exact version. into: an existing folder.
    Returns the folder that holds the package's files.
    Raises VendorError when npm is missing or fails.
    """
    name, version = package
    npm = shutil.which("npm")
    if npm is None:
        raise VendorError("npm was not found: install Node.js, then run this again.")
    done = subprocess.run(
        [npm, "pack", "--json", "--silent", f"{name}@{version}"],
        cwd=into,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise VendorError(f"npm could not fetch {name} {version}: {done.stderr.strip()[-300:]}")
    listed = json.loads(done.stdout)
    entry = listed[0] if isinstance(listed, list) else next(iter(listed.values()))
    target = into / re.sub(r"\W+", "-", name)
    with tarfile.open(into / entry["filename"]) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def without_reserved_parts(css: str) -> str:
    """Return the CSS without GDS Transport, the crest and the pointer to a source map."""
    css = FONT_FACE.sub("", css)
    css = css.replace("GDS Transport,arial,sans-serif", "arial,sans-serif")
    css = CREST_RULE.sub("", css)
    return SOURCE_MAP.sub("\n", css)


def check_css(name: str, css: str, folder: Path) -> None:
    """Raise VendorError unless every address in the CSS is a file in the folder and nothing is reserved."""
    for word in ("GDS Transport", "@font-face", "@import"):
        if word in css:
            raise VendorError(f"{name}: the CSS still mentions {word!r}: remove it here.")
    for address in re.findall(r"url\(([^)]+)\)", css):
        if re.search(r"crest|crown|logotype", address):
            raise VendorError(
                f"{name}: the CSS shows {address}, which is reserved; teach the script to remove it."
            )
        if not address.startswith("data:") and not (folder / address).is_file():
            raise VendorError(f"{name}: the CSS asks for {address}, which is not in {folder}.")


def check_script(name: str, script: str) -> None:
    """Raise VendorError unless the script stands alone: no import, no jQuery, nothing a strict CSP blocks."""
    for pattern in (r"\bimport\b[^;]{0,200}\bfrom\b", r"\bjQuery\b", r"\beval\(", r"\bnew Function\b"):
        if re.search(pattern, script):
            raise VendorError(f"{name}: the script matches {pattern!r}, so it no longer stands alone.")


def vendor_govuk(package: Path) -> str:
    """Write GOV.UK Frontend's CSS, script and licence. Returns the CSS as written."""
    source = package / "dist" / "govuk"
    folder = fresh_folder(STATIC, GOVUK)
    css = without_reserved_parts((source / "govuk-frontend.min.css").read_text("utf-8"))
    script = SOURCE_MAP.sub("\n", (source / "govuk-frontend.min.js").read_text("utf-8"))
    check_css(GOVUK[0], css, folder)
    check_script(GOVUK[0], script)
    write(folder / "govuk-frontend.min.css", css)
    write(folder / "govuk-frontend.min.js", script)
    write(folder / "LICENCE", MIT.format(copyright=GOVUK_COPYRIGHT))
    return css


def vendor_moj(package: Path, govuk_css: str) -> None:
    """Write MoJ Frontend's CSS, the images that it shows, script and licence.

    govuk_css: the GOV.UK CSS as written, which must define every custom property that MoJ's uses.
    """
    source = package / "moj"
    folder = fresh_folder(STATIC, MOJ)
    css = without_reserved_parts((source / "moj-frontend.min.css").read_text("utf-8"))
    css = PROPERTIES_BLOCK.sub("", css)
    images = folder / "images"
    images.mkdir()
    for _, image in IMAGE_ADDRESS.findall(css):
        shutil.copyfile(source / "assets" / "images" / image, images / image)
    css = IMAGE_ADDRESS.sub(r"url(images/\2)", css)
    script = SOURCE_MAP.sub("\n", (source / "moj-frontend.min.js").read_text("utf-8"))
    check_css(MOJ[0], css, folder)
    check_script(MOJ[0], script)
    for used in sorted(set(PROPERTY_USED.findall(css))):
        if f"{used}:" not in govuk_css and f"{used}:" not in css:
            raise VendorError(f"{MOJ[0]}: the CSS uses {used}, which {GOVUK[0]} {GOVUK[1]} does not define.")
    write(folder / "moj-frontend.min.css", css)
    write(folder / "moj-frontend.min.js", script)
    write(folder / "LICENCE", MIT.format(copyright=MOJ_COPYRIGHT))


def vendor_axe(package: Path) -> None:
    """Write the accessibility checker and its licences for the browser tests."""
    folder = fresh_folder(BROWSER, AXE)
    for name, kept_as in (
        ("axe.min.js", "axe.min.js"),
        ("LICENSE", "LICENCE"),
        ("LICENSE-3RD-PARTY.txt", "LICENCE-3RD-PARTY.txt"),
    ):
        write(folder / kept_as, (package / name).read_text("utf-8"))


def fresh_folder(parent: Path, package: tuple[str, str]) -> Path:
    """Return an empty folder `<name>-<version>`, after removing every earlier version of the package."""
    stem = folder_stem(package[0])
    for old in parent.glob(f"{stem}-[0-9]*"):
        shutil.rmtree(old)
    folder = parent / f"{stem}-{package[1]}"
    folder.mkdir(parents=True)
    return folder


def folder_stem(name: str) -> str:
    """Return the folder name for an npm package: `@ministryofjustice/frontend` becomes `moj-frontend`."""
    return "moj-frontend" if name == MOJ[0] else name


def write(path: Path, text: str) -> None:
    """Write text that ends in exactly one line feed."""
    path.write_text(text.rstrip() + "\n", "utf-8", newline="\n")


def main() -> int:
    """Vendor all three packages. Returns the exit code."""
    try:
        with tempfile.TemporaryDirectory() as scratch:
            govuk_css = vendor_govuk(unpack(GOVUK, Path(scratch)))
            vendor_moj(unpack(MOJ, Path(scratch)), govuk_css)
            vendor_axe(unpack(AXE, Path(scratch)))
    except VendorError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    write(
        STATIC / "README.md",
        README.format(
            govuk_folder=f"{folder_stem(GOVUK[0])}-{GOVUK[1]}",
            govuk=GOVUK[0],
            govuk_version=GOVUK[1],
            moj_folder=f"{folder_stem(MOJ[0])}-{MOJ[1]}",
            moj=MOJ[0],
            moj_version=MOJ[1],
        ),
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
