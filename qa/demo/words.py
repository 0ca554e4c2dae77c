"""Reads the demonstration's words from qa/demo/data: people, findings, recommendations and short phrases."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).parent / "data"

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Lists = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class WrittenFinding:
    """A finding of one case. kind: strength, area_for_improvement, or for a standard evidence, improvement.

    grade: for evidence, the grade it goes with. agency_sector: whose auditor wrote it.
    """

    section: str
    kind: str
    agency_sector: str
    text: str
    themes: tuple[str, ...]
    grade: str = ""


@dataclass(frozen=True, slots=True)
class WrittenDecision:
    """What a QA lead decided on an action said to be done: verified or sent_back."""

    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class WrittenAction:
    """One agency's action; progress oldest first."""

    agency_sector: str
    text: str
    due: date
    state: str
    progress: tuple[str, ...]
    verification: tuple[WrittenDecision, ...]


@dataclass(frozen=True, slots=True)
class WrittenRecommendation:
    """A recommendation with its actions."""

    text: str
    level: str
    priority: str
    measure_of_success: str
    themes: tuple[str, ...]
    actions: tuple[WrittenAction, ...]


@dataclass(frozen=True, slots=True)
class WrittenAudit:
    """The words of one audit; what it does not have is empty."""

    terms_of_reference: str
    key_lines_of_enquiry: str
    executive_summary: str
    method: str
    findings: tuple[WrittenFinding, ...]
    recommendations: tuple[WrittenRecommendation, ...]


@dataclass(frozen=True, slots=True)
class Phrases:
    """Short sentences, by grade or answer. findings: by theme, then kind."""

    evidence: Lists
    panel_reasons: Lists
    impact: Lists
    overall: Lists
    improve: tuple[str, ...]
    not_involved: tuple[str, ...]
    concerns: tuple[Mapping[str, str], ...]
    findings: Mapping[str, Lists]


@dataclass(frozen=True, slots=True)
class WrittenViews:
    """What is said by voice and question, why there are no views, and the roles of who asked."""

    answers: Mapping[str, Lists]
    reasons: Lists
    interviewers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WrittenRole:
    """A role, for an area (its slug) or an agency (its key)."""

    role: str
    area: str | None = None
    agency: str | None = None


@dataclass(frozen=True, slots=True)
class WrittenPerson:
    """An invented person. can: what they can try, for those whose sign-in is printed."""

    name: str
    email: str
    does: str
    roles: tuple[WrittenRole, ...]
    headline: bool = False
    can: str = ""


@dataclass(frozen=True, slots=True)
class WrittenAgency:
    """An invented agency; areas by slug."""

    key: str
    name: str
    short_name: str
    sector: str
    areas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WrittenPartnership:
    """Areas (slug to name), agencies and people."""

    areas: Mapping[str, str]
    agencies: tuple[WrittenAgency, ...]
    people: tuple[WrittenPerson, ...]


@cache
def partnership() -> WrittenPartnership:
    """The areas, agencies and people."""
    data = _read("people")
    return WrittenPartnership(
        {area["slug"]: area["name"] for area in data["areas"]},
        tuple(WrittenAgency(**{**entry, "areas": tuple(entry["areas"])}) for entry in data["agencies"]),
        tuple(
            WrittenPerson(**{**entry, "roles": tuple(WrittenRole(**role) for role in entry["roles"])})
            for entry in data["people"]
        ),
    )


def phrases() -> Phrases:
    """The short sentences."""
    common, returns = _read("evidence_phrases"), _read("return_words")
    return Phrases(
        evidence=_lists(common["evidence"]),
        panel_reasons=_lists(common["panel_reasons"]),
        impact=_lists(returns["impact"]),
        overall=_lists(returns["overall"]),
        improve=tuple(returns["improve"]),
        not_involved=tuple(returns["not_involved"]),
        concerns=tuple(returns["concerns"]),
        findings={theme: _lists(kinds) for theme, kinds in _read("short_findings").items()},
    )


def views() -> WrittenViews:
    """What children, parents and practitioners say."""
    data = _read("views")
    answers = {key: _lists(data[key]) for key in data if key not in {"reasons", "interviewers"}}
    return WrittenViews(answers, _lists(data["reasons"]), tuple(data["interviewers"]))


def audit(name: str) -> WrittenAudit:
    """The words of the audit with that file name."""
    data = _read(name)
    return WrittenAudit(
        terms_of_reference=data["terms_of_reference"].strip(),
        key_lines_of_enquiry="\n".join(data["key_lines_of_enquiry"]),
        executive_summary=data.get("executive_summary", "").strip(),
        method=data.get("method", "").strip(),
        findings=tuple(
            WrittenFinding(**{**entry, "themes": tuple(entry["themes"])}) for entry in data["findings"]
        ),
        recommendations=tuple(_recommendation(entry) for entry in data.get("recommendations", ())),
    )


def programmes() -> list[dict[str, Any]]:
    """The programmes with what is planned in them, as they are written."""
    read: list[dict[str, Any]] = _read("programme")
    return read


def _recommendation(entry: dict[str, Any]) -> WrittenRecommendation:
    actions = tuple(
        WrittenAction(
            agency_sector=action["agency_sector"],
            text=action["text"],
            due=action["due"],
            state=action["state"],
            progress=tuple(action["progress"]),
            verification=tuple(WrittenDecision(**decision) for decision in action.get("verification", ())),
        )
        for action in entry["actions"]
    )
    return WrittenRecommendation(**{**entry, "themes": tuple(entry["themes"]), "actions": actions})


def _read(name: str) -> Any:
    with (DATA / f"{name}.yaml").open("rb") as opened:
        return yaml.load(opened, _Loader)  # noqa: S506 the safe loader, by its fast name


def _lists(data: dict[str, list[str]]) -> Lists:
    return {key: tuple(text.strip() for text in texts) for key, texts in data.items()}
