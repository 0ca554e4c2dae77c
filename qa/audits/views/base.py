"""The blueprint of audits, and what its pages share."""

from flask import Blueprint

from qa.audits.lifecycle import ReturnState, Stage
from qa.audits.queries.lists import CaseState

blueprint = Blueprint("audits", __name__, template_folder="../templates")

STAGE_COLOURS = {
    Stage.PLANNING: "grey",
    Stage.FIELDWORK: "blue",
    Stage.PANEL: "purple",
    Stage.REPORTED: "green",
    Stage.CLOSED: "grey",
}
RETURN_COLOURS = {
    ReturnState.NOT_STARTED: "grey",
    ReturnState.IN_PROGRESS: "light-blue",
    ReturnState.SUBMITTED: "green",
    ReturnState.NOT_INVOLVED: "turquoise",
}
CASE_COLOURS = {
    CaseState.NO_RETURNS: "yellow",
    CaseState.OUTSTANDING: "light-blue",
    CaseState.READY: "green",
    CaseState.OPENED: "purple",
}


@blueprint.app_template_filter("stage_colour")
def stage_colour(stage: Stage) -> str:
    """The colour of a stage's tag; the tag's words say the stage."""
    return STAGE_COLOURS[stage]


@blueprint.app_template_filter("return_colour")
def return_colour(state: ReturnState) -> str:
    """The colour of a return's tag."""
    return RETURN_COLOURS[state]


@blueprint.app_template_filter("case_words")
def case_words(state: CaseState, self_assessment: bool) -> str:
    """What a case's tag says; in a self-assessment the case is an agency with one return."""
    return state.label_of_one if self_assessment else state.label


@blueprint.app_template_filter("case_colour")
def case_colour(state: CaseState) -> str:
    """The colour of a case's tag."""
    return CASE_COLOURS[state]
