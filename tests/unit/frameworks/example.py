"""A small valid framework file that the tests of the checks break, one fault at a time."""

THEMES = frozenset({"thresholds", "voice_of_the_child"})

EXAMPLE = """\
# yaml-language-server: $schema=framework.schema.json
key: example
name: Example
summary: What it looks at.
kind: case_audit
method: multi_agency
judgement_scale: ofsted
scales:
  - key: ofsted
    name: Two grades
    grades:
      - {key: good, label: Good, score: 2, colour: green, meets_standard: true, descriptor: Well done.}
      - key: poor
        label: Poor
        score: 1
        colour: red
        meets_standard: false
        descriptor: Not well done.
  - key: traffic_light
    name: Red or green
    not_applicable: false
    grades:
      - {key: green, label: Green, score: 2, colour: green, meets_standard: true, descriptor: In place.}
      - {key: red, label: Red, score: 1, colour: red, meets_standard: false, descriptor: Missing.}
profile:
  - key: pathway
    label: Pathway
    type: single_choice
    pathway: true
    options:
      - {key: early_help, label: Early help}
      - {key: child_in_need, label: Child in need}
  - key: siblings
    label: Number of siblings
    type: number
sections:
  - key: front_door
    title: Front door
    sectors: [police, health]
    questions:
      - key: consent
        text: Was consent sought?
        type: yes_no
        sectors: [police]
        evidence_required_for: ["no"]
        themes: [thresholds]
      - key: consent_reason
        text: Why not?
        type: single_choice
        options:
          - {key: danger, label: It was dangerous}
          - {key: unknown, label: It is not known}
        only_if: {question: consent, is: ["no", partly]}
      - key: days
        text: How many days did it take?
        type: number
        unit: days
        min: 0
        max: 400
      - key: front_door_grade
        text: How good is it?
        type: grade
        scale: ofsted
        descriptors:
          good: It worked.
          poor: It did not work.
        evidence: required
        role: section_grade
      - key: front_door_impact
        text: What difference did it make?
        type: long_text
        role: impact
  - key: plan
    title: The plan
    only_if:
      any:
        - {question: consent, is: ["yes"]}
        - {profile: pathway, is: [child_in_need]}
    questions:
      - key: plan_grade
        text: How good is the plan?
        type: grade
        scale: ofsted
        evidence: required
        role: section_grade
      - key: plan_impact
        text: What difference did the plan make?
        type: long_text
        role: impact
"""


def line_of(text: str, mark: str) -> int:
    """The line on which a piece of text begins."""
    assert mark in text, f"{mark!r} is not in the text"
    return text.count("\n", 0, text.index(mark)) + 1
