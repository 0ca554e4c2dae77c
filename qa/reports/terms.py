"""The appendix: what each grade looks like, and terms spelled out. Pure."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from qa.analysis.wording import AGENCY, unit_of
from qa.frameworks.content import FrameworkContent
from qa.publishing.document import Block, Definition, Definitions, Heading, Paragraph

TERMS = (
    ("Edition", "One frozen version of a framework"),
    ("Evidence", "What in the record an answer rests on"),
    ("Finding", "A strength or an area for improvement, in words"),
    ("Framework", "The audit tool: its sections, questions and scales"),
    ("Panel", "The agencies’ meeting that compares returns and agrees grades with reasons"),
    ("Theme", "What findings are coded to, so that they can be counted together"),
)
OF_CASES = (
    ("Case", "One child’s or family’s record in the sample, under a reference that names nobody"),
    ("Return", "One agency’s answers on one case"),
)
OF_AGENCIES = (("Return", "One agency’s answers about itself"),)
ABBREVIATIONS = (
    ("ABE", "Achieving best evidence: guidance on interviewing children and vulnerable witnesses"),
    ("CAMHS", "Child and adolescent mental health services"),
    ("CCE", "Child criminal exploitation"),
    ("CIN", "Child in need, under section 17 of the Children Act 1989"),
    ("CP", "Child protection"),
    ("CSA", "Child sexual abuse"),
    ("CSE", "Child sexual exploitation"),
    ("EHA", "Early help assessment"),
    ("FGC", "Family group conference"),
    ("HSB", "Harmful sexual behaviour"),
    ("ICPC", "Initial child protection conference"),
    ("IRO", "Independent reviewing officer"),
    ("LADO", "Local authority designated officer"),
    ("LCSPR", "Local child safeguarding practice review"),
    ("MASA", "Multi-agency safeguarding arrangements"),
    ("MASH", "Multi-agency safeguarding hub"),
    ("QA", "Quality assurance"),
    ("RCPC", "Review child protection conference"),
    ("s11", "Section 11 of the Children Act 2004"),
    ("s17", "Section 17 of the Children Act 1989"),
    ("s47", "Section 47 of the Children Act 1989"),
    ("SARC", "Sexual assault referral centre"),
    ("SEND", "Special educational needs and disability"),
    ("TAF", "Team around the family"),
)


def terms_blocks(content: FrameworkContent, report: list[Block]) -> list[Block]:
    """The appendix of a report on an audit with this framework. report: what comes before it, from which
    the abbreviations that need spelling out are taken.
    """
    blocks: list[Block] = [Heading(1, "Appendix: terms")]
    for scale in content.scales:
        blocks.append(Heading(2, f"Grades: {scale.name}"))
        blocks.append(Definitions(tuple(Definition(grade.label, grade.descriptor) for grade in scale.grades)))
    blocks.append(Heading(2, "Words and abbreviations"))
    blocks.append(Definitions(tuple(_definitions(content, report))))
    if content.sources:
        blocks.append(Heading(2, "What the framework rests on"))
        blocks += [Paragraph(source) for source in content.sources]
    return blocks


def _definitions(content: FrameworkContent, report: list[Block]) -> list[Definition]:
    used = {word for text in _texts(report) for word in re.findall(r"\w+", text)}
    terms = [*TERMS, *(OF_AGENCIES if unit_of(content) is AGENCY else OF_CASES)]
    terms += [(term, meaning) for term, meaning in ABBREVIATIONS if term in used]
    return [Definition(term, meaning) for term, meaning in sorted(terms, key=lambda pair: pair[0].lower())]


def _texts(part: object) -> Iterator[str]:
    """Every text in blocks of a report."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, list | tuple):
        for item in part:
            yield from _texts(item)
    elif is_dataclass(part) and not isinstance(part, type):
        for entry in fields(part):
            yield from _texts(getattr(part, entry.name))
