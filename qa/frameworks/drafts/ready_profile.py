"""Case-profile fields commonly recorded, ready to put into a draft; none says who a child is. Pure."""

from collections.abc import Mapping
from typing import Any

from qa.frameworks.drafts.elements import Document
from qa.frameworks.vocabulary import ProfileFieldType


def _choice(label: str, *options: tuple[str, str], **more: bool) -> dict[str, Any]:
    listed = [{"key": key, "label": words} for key, words in options]
    return {"label": label, "type": ProfileFieldType.SINGLE_CHOICE.value, **more, "options": listed}


def _number(label: str) -> dict[str, Any]:
    return {"label": label, "type": ProfileFieldType.NUMBER.value}


def _yes_no(label: str) -> dict[str, Any]:
    return {"label": label, "type": ProfileFieldType.YES_NO.value}


NOT_RECORDED = ("not_recorded", "Not known or not recorded")

READY_FIELDS: Mapping[str, Document] = {
    "pathway": _choice(
        "Plan or pathway",
        ("early_help", "Early help"),
        ("child_in_need", "Child in need (section 17)"),
        ("s47", "Section 47 enquiry"),
        ("child_protection", "Child protection plan"),
        ("in_care", "In the care of the local authority"),
        required=True,
        pathway=True,
    ),
    "age_band": _choice(
        "Age band",
        ("unborn", "Unborn"),
        ("under_1", "Under 1"),
        ("age_1_to_4", "1 to 4"),
        ("age_5_to_9", "5 to 9"),
        ("age_10_to_15", "10 to 15"),
        ("age_16_to_17", "16 or 17"),
    ),
    "gender": _choice(
        "Gender", ("girl", "Girl"), ("boy", "Boy"), ("another", "Another description"), NOT_RECORDED
    ),
    "ethnicity": _choice(
        "Ethnic group",
        ("asian", "Asian or Asian British"),
        ("black", "Black, Black British, Caribbean or African"),
        ("mixed", "Mixed or multiple ethnic groups"),
        ("white", "White"),
        ("other", "Other ethnic group"),
        NOT_RECORDED,
    ),
    "first_language": _choice(
        "First language and need for an interpreter",
        ("english", "English"),
        ("other_no_interpreter", "Another language, no interpreter needed"),
        ("other_interpreter", "Another language, interpreter needed for the child or a parent"),
        ("signed_or_other", "Sign language or another way of communicating"),
        NOT_RECORDED,
    ),
    "disability": _choice(
        "Disability or special educational needs",
        ("none", "None known"),
        ("disability", "Disabled, with no education, health and care plan"),
        ("sen_support", "Special educational needs support in school"),
        ("ehc_plan", "Education, health and care plan"),
        ("being_assessed", "Being assessed"),
        NOT_RECORDED,
    ),
    "main_need": _choice(
        "Main need or category of abuse",
        ("neglect", "Neglect"),
        ("physical_abuse", "Physical abuse"),
        ("emotional_abuse", "Emotional abuse"),
        ("sexual_abuse", "Sexual abuse"),
        ("domestic_abuse", "Domestic abuse in the home"),
        ("harm_outside_home", "Exploitation or other harm outside the home"),
        ("parental_health", "Parent's mental health, substance use or illness"),
        ("child_disability", "Child's disability or illness"),
        ("other", "Other"),
    ),
    "legal_status": _choice(
        "Legal status",
        ("none", "No order or proceedings"),
        ("pre_proceedings", "Pre-proceedings (Public Law Outline)"),
        ("care_proceedings", "Care proceedings under way"),
        ("supervision_order", "Supervision order"),
        ("section_20", "Accommodated under section 20"),
        ("care_order", "Care order or interim care order"),
        NOT_RECORDED,
    ),
    "placement": _choice(
        "Where the child lives",
        ("parents", "With one or both parents"),
        ("relatives", "With relatives or friends"),
        ("foster_care", "Foster care"),
        ("residential", "Residential care"),
        ("semi_independent", "Supported or semi-independent accommodation"),
        ("other", "Elsewhere"),
        NOT_RECORDED,
    ),
    "siblings": _number("Brothers, sisters or other children in the household"),
    "referrals_12_months": _number("Referrals in the last 12 months"),
    "s47_12_months": _number("Section 47 enquiries in the last 12 months"),
    "missing_12_months": _number("Missing episodes in the last 12 months"),
    "young_carer": _yes_no("Young carer"),
}
"""By a key that names the field in a draft too, where it is free."""
