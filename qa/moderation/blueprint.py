"""The blueprint that every page of the panel hangs on."""

from flask import Blueprint

blueprint = Blueprint("moderation", __name__, template_folder="templates")
