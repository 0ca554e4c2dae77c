"""Settings from the environment: a bad one stops the start with the remedy; keys are made once."""

import threading
from pathlib import Path

import pytest

from qa.config import BadSetting, ImportLimits, from_environment

NUMBER = "0a1b2c3d-0000-4000-8000-0123456789ab"


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL must start with postgresql:// or sqlite:///"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY must be at least 32 characters"),
        ({"TRAIL_KEY": "short"}, "TRAIL_KEY must be at least 32 characters"),
        ({"PUBLIC_URL": "audit.example.org"}, "PUBLIC_URL must start with http:// or https://"),
        ({"SMTP_URL": "mail.example.org"}, "SMTP_URL must look like smtp://user:password@host:587"),
        ({"SMTP_URL": "smtp://mail.example.org:many"}, "SMTP_URL must look like"),
        ({"NOTIFY_API_KEY": "name-and-too-little"}, "NOTIFY_API_KEY must be a whole key"),
        ({"NOTIFY_TEMPLATE_ID": NUMBER}, "NOTIFY_API_KEY must be a whole key"),
        (
            {"NOTIFY_API_KEY": f"name-{NUMBER}-{NUMBER}", "NOTIFY_TEMPLATE_ID": NUMBER},
            "NOTIFY_API_KEY needs PUBLIC_URL too",
        ),
        ({"SMTP_URL": "smtp://mail.example.org"}, "SMTP_URL needs PUBLIC_URL too"),
        ({"SESSION_HOURS": "0"}, "SESSION_HOURS must be a whole number from 1 to 168"),
        ({"PROXIES": "two"}, "PROXIES must be a whole number from 0 to 5, not 'two'"),
        ({"IMPORT_FILE_MB": "0"}, "IMPORT_FILE_MB must be a whole number from 1 to 50"),
        ({"IMPORT_UNPACKED_MB": "9999"}, "IMPORT_UNPACKED_MB must be a whole number from 1 to 500"),
        ({"IMPORT_VALUES": "10"}, "IMPORT_VALUES must be a whole number from 1000 to 1000000"),
        ({"IMPORT_SHEETS": "many"}, "IMPORT_SHEETS must be a whole number from 5 to 500"),
        ({"IMPORT_SECONDS": "0"}, "IMPORT_SECONDS must be a whole number from 1 to 120"),
        ({"SECURE_COOKIES": "maybe"}, "SECURE_COOKIES must be yes or no"),
    ],
)
def test_a_bad_setting_is_named_with_what_it_should_hold(
    tmp_path: Path, environment: dict[str, str], sentence: str
) -> None:
    with pytest.raises(BadSetting, match="^" + sentence.replace("?", "\\?")):
        from_environment(environment, tmp_path)


def test_good_settings_are_taken(tmp_path: Path) -> None:
    settings = from_environment(
        {
            "DATABASE_URL": "postgres://audit@db/audit",
            "PUBLIC_URL": "https://audit.example.org/",
            "SMTP_URL": "smtp://mail.example.org",
            "IMPORT_SHEETS": "90",
        },
        tmp_path,
    )
    assert settings.import_limits == ImportLimits(sheets=90)
    assert settings.database_url == "postgresql+psycopg://audit@db/audit"
    assert settings.sqlite_path is None
    assert settings.public_url == "https://audit.example.org"
    assert settings.smtp_url == "smtp://mail.example.org"
    assert settings.secure_cookies


def test_keys_are_made_once_for_this_account_alone(tmp_path: Path) -> None:
    first, second = (from_environment({}, tmp_path) for _ in range(2))
    assert (first.secret_key, first.trail_key) == (second.secret_key, second.trail_key)
    assert first.secret_key != first.trail_key.decode()
    assert len(first.trail_key) == 64
    assert {file.name for file in tmp_path.iterdir()} == {"secret_key", "trail_key"}
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in tmp_path.iterdir())


def test_several_that_start_at_once_agree_on_the_keys(tmp_path: Path) -> None:
    together, keys = threading.Barrier(8), set[bytes]()

    def start() -> None:
        together.wait()
        keys.add(from_environment({}, tmp_path).trail_key)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 1


def test_a_key_file_without_a_key_is_told(tmp_path: Path) -> None:
    (tmp_path / "trail_key").write_text("x")
    with pytest.raises(BadSetting, match="holds no usable key: give TRAIL_KEY, or remove the file"):
        from_environment({}, tmp_path)
