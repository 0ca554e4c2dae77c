"""The blueprint that the pages of recommendations and of actions share."""

from flask import Blueprint

blueprint = Blueprint("recommendations", __name__, template_folder="templates")
