"""Passwords: argon2id by its library, and a rule for what is long enough."""

import re
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
LONGEST = 200
# What people put into every password they have to make longer.
WELL_WORN = re.compile(
    r"\d+|passw[o0]rd|letmein|welcome|qwerty(uiop)?|azerty|asdf(ghjkl)?|abc|admin(istrator)?|changeme|secret"
    r"|safeguarding|audit|together"
)

_hasher = PasswordHasher()


def hashed(password: str) -> str:
    """The argon2id hash to keep."""
    return _hasher.hash(_typed(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password fits. Without a hash it takes the same time and is False, so that nobody can
    tell a known address from an unknown one by the clock.
    """
    try:
        _hasher.verify(password_hash or _nobody(), _typed(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def weakness(password: str, email: str) -> str | None:
    """Why a password will not do, None when it will. Length counts most (NCSC: three random words)."""
    if len(password) < SHORTEST:
        return f"Password must be {SHORTEST} characters or more; three random words make a good one"
    if len(password) > LONGEST:
        return f"Password must be {LONGEST} characters or fewer"
    if len(set(password)) < 5:
        return "Password must use more than a few different characters"
    name = email.partition("@")[0].lower()
    if len(name) > 3 and name in password.lower():
        return "Password must not contain your e-mail name"
    if len(re.sub(r"[\W_]", "", WELL_WORN.sub("", password.lower()))) < 4:
        return "Password must not be made of words and numbers that are easy to guess"
    return None


def _typed(password: str) -> str:
    """The same characters however the keyboard composed them. What is too long to be set never fits."""
    return unicodedata.normalize("NFKC", password[: LONGEST + 1])


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")
