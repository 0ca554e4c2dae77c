"""The blueprint of samples, and what its pages share."""

from flask import Blueprint, current_app

from qa.audits.csv_rows import UnreadableFile
from qa.audits.sampling.forms import ListForm
from qa.audits.sampling.reading import MOST_MB, PopulationFile, read_population
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


def read_list(form: ListForm) -> PopulationFile:
    """The list that was sent. Raises Refused when it cannot be read as one."""
    most = most_mb()
    content: bytes = form.file.data.stream.read(most * 1024 * 1024 + 1)
    try:
        return read_population(content, most)
    except UnreadableFile as reason:
        raise refused(str(reason), "file") from reason
