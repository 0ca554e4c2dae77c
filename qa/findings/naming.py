"""Keys of themes, made from their names: pure."""

import re
import unicodedata
from collections.abc import Collection

LONGEST = 60


def theme_key(name: str, taken: Collection[str]) -> str:
    """A key in lower-case letters, digits and underscores that is not among those taken.

    It stays the same for ever, also when the name is changed later, so that years compare.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[: LONGEST - 5].rstrip("_") or "theme"
    if not base[0].isalpha():
        base = f"theme_{base}"[: LONGEST - 5].rstrip("_")
    key, number = base, 2
    while key in taken:
        key, number = f"{base}_{number}", number + 1
    return key


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same to a reader: capitals and white space make no difference."""
    return _folded(one) == _folded(other)


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
