"""The home page and the accessibility statement."""

from flask import Blueprint, current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response

from qa.accounts.access import current_person, public, requires
from qa.accounts.permissions import Permission
from qa.home.first_steps import first_steps
from qa.web.cards import Card, CardMaker

blueprint = Blueprint("home", __name__, template_folder="templates")


@blueprint.get("/")
@requires(Permission.SESSION_USE)
def home() -> str | Response:
    """What waits for this person, from every capability, the urgent first; a guest's return for a guest."""
    person = current_person()
    if person.guest_of is not None:
        return redirect(url_for("returns.show", return_id=person.guest_of))
    makers: list[CardMaker] = current_app.extensions["home_cards"]
    cards: list[Card] = [card for maker in makers for card in maker()]
    cards.sort(key=lambda card: not card.urgent)
    return render_template(
        "home/home.html", cards=cards, grants=person.grants, first_steps=first_steps(person)
    )


@blueprint.get("/accessibility")
@public
def accessibility() -> str:
    """How accessible this site is and whom to tell about a barrier."""
    return render_template("home/accessibility.html")


@blueprint.get("/health")
@public
def health() -> tuple[str, int, dict[str, str]]:
    """For a load balancer: the process answers."""
    return "ok", 200, {"Content-Type": "text/plain"}
