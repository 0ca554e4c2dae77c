"""The blueprint of samples, and what its pages share."""

from typing import NamedTuple

from flask import Blueprint, current_app

from qa.audits.csv_rows import UnreadableFile
from qa.audits.sampling.forms import ListForm
from qa.audits.sampling.long_work import rows_at_once
from qa.audits.sampling.reading import MOST_MB, PopulationFile, read_population, read_start
from qa.audits.sampling.wording import method_sentences, points
from qa.config import Settings
from qa.problems import refused

blueprint = Blueprint("sampling", __name__, template_folder="../templates")
blueprint.add_app_template_filter(method_sentences, "method_sentences")
blueprint.add_app_template_filter(points, "points")


def most_mb() -> int:
    """How large a list may be: no larger than any upload."""
    settings: Settings = current_app.extensions["settings"]
    return min(MOST_MB, settings.upload_limit_mb)


class Sent(NamedTuple):
    """A list that was sent, and what was read of it at once. whole: that is all of it."""

    content: bytes
    file: PopulationFile
    whole: bool


def read_list(form: ListForm) -> PopulationFile:
    """The list that was sent. Raises Refused when it cannot be read as one."""
    try:
        return read_population(_content(form), most_mb())
    except UnreadableFile as reason:
        raise refused(str(reason), "file") from reason


def read_at_once(form: ListForm) -> Sent:
    """The list that was sent, as far as it is read within a request. Raises Refused as `read_list`."""
    content = _content(form)
    try:
        return Sent(content, *read_start(content, rows_at_once(content), most_mb()))
    except UnreadableFile as reason:
        raise refused(str(reason), "file") from reason


def _content(form: ListForm) -> bytes:
    """The file, or as much of it as shows that it is too large."""
    content: bytes = form.file.data.stream.read(most_mb() * 1024 * 1024 + 1)
    return content
