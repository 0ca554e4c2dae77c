"""The blueprint that the pages of findings and of themes share."""

from flask import Blueprint

blueprint = Blueprint("findings", __name__, template_folder="templates")
