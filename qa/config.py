"""Settings from the environment. A bad one stops the start with a sentence that says how to mend it."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

NOTIFY_URL = "https://api.notifications.service.gov.uk"


class BadSetting(Exception):
    """A setting that cannot be used; the message names it and the remedy."""


_UUID = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"


@dataclass(frozen=True, slots=True)
class ImportLimits:
    """What a file brought in may cost. A file beyond a limit is refused with a sentence, whatever it holds.

    file_mb: the file as it is sent. unpacked_mb: what a workbook or Word document unpacks to (1,000,000
    bytes each). values: cells of a workbook that hold something, values of a YAML file, cells of a Word
    document's tables. sheets: sheets of a workbook. seconds: how long reading may take.
    """

    file_mb: int = 2
    unpacked_mb: int = 20
    values: int = 50_000
    sheets: int = 60
    seconds: int = 10


class Notify(NamedTuple):
    """How to reach GOV.UK Notify. api_key: of the service. template_id: of a template with ((subject)) and
    ((body)). url: of its API.
    """

    api_key: str
    template_id: str
    url: str = NOTIFY_URL


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the application reads from outside itself.

    database_url: SQLAlchemy URL. secret_key signs cookies; trail_key seals the trail (bytes, at least 32).
    instance: folder for the database, the keys and outgoing mail. public_url: how people reach the
    installation, used in e-mails (None: taken from the request). session_hours: life of a sign-in,
    idle_minutes: time without a request after which it ends. smtp_url: smtp://user:password@host:port
    (None: mail is written to instance/outbox). notify: GOV.UK Notify in its place.
    proxies: how many reverse proxies stand in front.
    concern_hours: working hours within which a QA lead must acknowledge a concern.
    work_in_background: whether server processes do long work; else `flask --app app jobs run` does.
    job_files_days: after how many days what long work has made (a zip of case summaries) is deleted.
    """

    database_url: str
    instance: Path
    secret_key: str
    trail_key: bytes
    public_url: str | None = None
    mail_from: str = "audit-together@localhost"
    smtp_url: str | None = None
    notify: Notify | None = None
    session_hours: int = 12
    idle_minutes: int = 60
    secure_cookies: bool = False
    proxies: int = 0
    upload_limit_mb: int = 10
    concern_hours: int = 1
    import_limits: ImportLimits = ImportLimits()
    work_in_background: bool = False
    job_files_days: int = 7

    @property
    def sqlite_path(self) -> Path | None:
        """The file of a SQLite database; None for PostgreSQL."""
        prefix = "sqlite:///"
        return Path(self.database_url.removeprefix(prefix)) if self.database_url.startswith(prefix) else None


def from_environment(env: Mapping[str, str], instance: Path) -> Settings:
    """Read the settings; keys that are not given are made once and kept in `instance`, mode 600.

    Raises BadSetting with the name of the variable and what it should hold.
    """
    instance.mkdir(parents=True, exist_ok=True)
    public_url = env.get("PUBLIC_URL") or None
    if public_url and not public_url.startswith(("http://", "https://")):
        raise BadSetting(
            "PUBLIC_URL must start with http:// or https://, for example https://audit.example.org"
        )
    return Settings(
        database_url=_database_url(env.get("DATABASE_URL", ""), instance),
        instance=instance,
        secret_key=_key(env, "SECRET_KEY", instance / "secret_key"),
        trail_key=_key(env, "TRAIL_KEY", instance / "trail_key").encode(),
        public_url=public_url.rstrip("/") if public_url else None,
        mail_from=env.get("MAIL_FROM", "audit-together@localhost"),
        smtp_url=_smtp_url(env.get("SMTP_URL", ""), public_url),
        notify=_notify(env, public_url),
        session_hours=_whole(env, "SESSION_HOURS", 12, 1, 24 * 7),
        idle_minutes=_whole(env, "IDLE_MINUTES", 60, 5, 24 * 60),
        secure_cookies=_yes_or_no(
            env, "SECURE_COOKIES", default=bool(public_url and public_url.startswith("https:"))
        ),
        proxies=_whole(env, "PROXIES", 0, 0, 5),
        upload_limit_mb=_whole(env, "UPLOAD_LIMIT_MB", 10, 1, 200),
        concern_hours=_whole(env, "CONCERN_HOURS", 1, 1, 8),
        import_limits=_import_limits(env),
        work_in_background=_yes_or_no(env, "BACKGROUND_WORK", default=True),
        job_files_days=_whole(env, "JOB_FILES_DAYS", 7, 1, 90),
    )


def _import_limits(env: Mapping[str, str]) -> ImportLimits:
    usual = ImportLimits()
    return ImportLimits(
        file_mb=_whole(env, "IMPORT_FILE_MB", usual.file_mb, 1, 50),
        unpacked_mb=_whole(env, "IMPORT_UNPACKED_MB", usual.unpacked_mb, 1, 500),
        values=_whole(env, "IMPORT_VALUES", usual.values, 1_000, 1_000_000),
        sheets=_whole(env, "IMPORT_SHEETS", usual.sheets, 5, 500),
        seconds=_whole(env, "IMPORT_SECONDS", usual.seconds, 1, 120),
    )


def _database_url(given: str, instance: Path) -> str:
    if not given:
        return f"sqlite:///{(instance / 'audit-together.sqlite').resolve()}"
    if given.startswith(("postgres://", "postgresql://")):
        return "postgresql+psycopg://" + given.split("://", 1)[1]
    if given.startswith(("postgresql+psycopg://", "sqlite:///")):
        return given
    raise BadSetting("DATABASE_URL must start with postgresql:// or sqlite:///")


def _key(env: Mapping[str, str], name: str, file: Path) -> str:
    given = env.get(name)
    if given is not None:
        if len(given) < 32:
            raise BadSetting(f"{name} must be at least 32 characters of random text")
        return given
    if not file.exists():
        _make_key(file)
    key = file.read_text().strip()
    if len(key) < 32:
        raise BadSetting(f"{file} holds no usable key: give {name}, or remove the file to have one made")
    return key


def _make_key(file: Path) -> None:
    """Make a key, whole under another name before it gets its own: two that start at once agree on one."""
    unfinished = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.write(secrets.token_hex(32))
    try:
        file.hardlink_to(unfinished)
    except FileExistsError:
        pass  # the other was first
    except OSError:
        unfinished.replace(file)  # a file system without hard links
    finally:
        unfinished.unlink(missing_ok=True)


def _smtp_url(given: str, public_url: str | None) -> str | None:
    if not given:
        return None
    parts = urlsplit(given)
    try:
        right = parts.scheme in {"smtp", "smtps"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        right = False
    if not right:
        raise BadSetting("SMTP_URL must look like smtp://user:password@host:587 or smtps://…")
    if public_url is None:
        # Else a false Host header could make a reset link lead to a site of whoever asks for it.
        raise BadSetting(
            "SMTP_URL needs PUBLIC_URL too: e-mails hold links, which must lead where people go, "
            "for example https://audit.example.org"
        )
    return given


def _notify(env: Mapping[str, str], public_url: str | None) -> Notify | None:
    key, template = env.get("NOTIFY_API_KEY", ""), env.get("NOTIFY_TEMPLATE_ID", "")
    url = env.get("NOTIFY_URL", NOTIFY_URL)
    if not key and not template:
        return None
    if not (re.fullmatch(rf".+-{_UUID}-{_UUID}", key) and re.fullmatch(_UUID, template)):
        raise BadSetting(
            "NOTIFY_API_KEY must be a whole key of GOV.UK Notify (its name and two long numbers), and "
            "NOTIFY_TEMPLATE_ID the number of an e-mail template with ((subject)) and ((body))"
        )
    if env.get("SMTP_URL"):
        raise BadSetting("Give SMTP_URL or NOTIFY_API_KEY, not both: mail leaves one way")
    if public_url is None:
        raise BadSetting(
            "NOTIFY_API_KEY needs PUBLIC_URL too: e-mails hold links, which must lead where people go, "
            "for example https://audit.example.org"
        )
    if not url.startswith(("http://", "https://")):
        raise BadSetting(f"NOTIFY_URL must start with https://, as {NOTIFY_URL} does")
    return Notify(key, template, url)


def _whole(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    given = env.get(name, "")
    if not given:
        return default
    if not given.isdigit() or not low <= int(given) <= high:
        raise BadSetting(f"{name} must be a whole number from {low} to {high}, not {given!r}")
    return int(given)


def _yes_or_no(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    given = env.get(name, "").lower()
    if not given:
        return default
    if given in {"1", "yes", "true", "on"}:
        return True
    if given in {"0", "no", "false", "off"}:
        return False
    raise BadSetting(f"{name} must be yes or no, not {given!r}")
