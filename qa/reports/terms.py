"""The appendix: what each grade looks like, and terms spelled out. Pure."""

from qa.frameworks.content import FrameworkContent
from qa.publishing.document import Block, Definition, Definitions, Heading, PageBreak, Paragraph

TERMS = (
    ("ABE", "Achieving best evidence: guidance on interviewing children and vulnerable witnesses"),
    ("CAMHS", "Child and adolescent mental health services"),
    ("Case", "One child’s or family’s record in the sample, under a reference that names nobody"),
    ("CIN", "Child in need, under section 17 of the Children Act 1989"),
    ("CP", "Child protection"),
    ("CSA", "Child sexual abuse"),
    ("Edition", "One frozen version of a framework"),
    ("Evidence", "What in the record an auditor’s answer rests on"),
    ("FGC", "Family group conference"),
    ("Finding", "A strength or an area for improvement, in words"),
    ("Framework", "The audit tool: its sections, questions and scales"),
    ("HSB", "Harmful sexual behaviour"),
    ("ICPC, RCPC", "Initial and review child protection conference"),
    ("LADO", "Local authority designated officer"),
    ("MASH", "Multi-agency safeguarding hub"),
    ("Panel", "The agencies’ meeting that compares returns and agrees grades with reasons"),
    ("Return", "One agency’s answers on one case"),
    ("s17, s47", "Sections 17 and 47 of the Children Act 1989"),
    ("SARC", "Sexual assault referral centre"),
    ("TAF", "Team around the family"),
    ("Theme", "What findings are coded to, so that they can be counted together"),
)


def terms_blocks(content: FrameworkContent) -> list[Block]:
    """The appendix of a report on an audit with this framework."""
    blocks: list[Block] = [PageBreak(), Heading(1, "Appendix: terms")]
    for scale in content.scales:
        blocks.append(Heading(2, f"Grades: {scale.name}"))
        blocks.append(Definitions(tuple(Definition(grade.label, grade.descriptor) for grade in scale.grades)))
    blocks.append(Heading(2, "Words and abbreviations"))
    blocks.append(Definitions(tuple(Definition(term, meaning) for term, meaning in TERMS)))
    if content.sources:
        blocks.append(Heading(2, "What the framework rests on"))
        blocks += [Paragraph(source) for source in content.sources]
    return blocks
