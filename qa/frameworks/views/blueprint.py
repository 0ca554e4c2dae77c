"""The blueprint that the pages of frameworks hang on."""

from flask import Blueprint

blueprint = Blueprint("frameworks", "qa.frameworks", template_folder="templates")
