"""What the conditions of a framework file must keep to, so that none can be impossible or wait for itself."""

from qa.frameworks.file_problems import ProblemList, quoted, suggest
from qa.frameworks.outline import Asked, Outline, Part, clauses_of, sectors_of
from qa.frameworks.yaml_source import Path, Source


class ConditionRules:
    """Looks at every condition of a file and notes what is wrong with it."""

    def __init__(self, source: Source, outline: Outline, problems: ProblemList) -> None:
        self.source = source
        self.outline = outline
        self.problems = problems

    def check(self) -> None:
        """Check that what each clause looks at exists, is asked before, and can be answered so."""
        for holder, asked, clause in self.outline.conditions():
            if clause.text("profile"):
                self._profile(clause)
            if clause.text("question"):
                self._question(holder, asked, clause)
        self._cycles()

    def _add(self, path: Path, message: str, remedy: str, advice: str = "") -> None:
        self.problems.add(self.source.line_of(path), message, remedy, path, advice)

    def _profile(self, clause: Part) -> None:
        key = clause.text("profile")
        field = self.outline.profile.get(key)
        if field is None:
            remedy = suggest(key, self.outline.profile)
            self._add(clause.at("profile"), f"There is no profile field {quoted(key)}.", remedy)
            return
        self._answers(
            clause, self.outline.profile_answers(field), f"the profile field {quoted(key)}", "profile"
        )

    def _question(self, holder: Part, asked: Asked | None, clause: Part) -> None:
        key = clause.text("question")
        target = self.outline.questions.get(key)
        if target is None:
            known = [name for name in self.outline.questions if name != holder.key or asked is None]
            self._add(clause.at("question"), f"There is no question {quoted(key)}.", suggest(key, known))
            return
        self._answers(clause, self.outline.answers(target.part), f"the question {quoted(key)}", "question")
        if asked is None:
            self._earlier_section(holder, target, clause)
        else:
            self._earlier_question(asked, target, clause)
        self._same_sectors(holder, asked, target, clause)

    def _answers(self, clause: Part, answers: list[str] | None, subject: str, name: str) -> None:
        if answers is None:
            return
        if not answers:
            what = f"A condition cannot look at {subject}: it has no answers to choose from."
            self._add(clause.at(name), what, "Use a grade, a yes/no question or a choice.")
            return
        for path, value in clause.texts("is") + clause.texts("is_not"):
            if value not in answers:
                self._add(path, f"{quoted(value)} is no answer to {subject}.", suggest(value, answers))
        if set(answers) <= {value for _, value in clause.texts("is_not")}:
            what = f"This condition can never hold: it leaves no answer of {subject}."
            self._add(clause.at("is_not"), what, "Take out the answers for which this is to be asked.")

    def _earlier_question(self, asked: Asked, target: Asked, clause: Part) -> None:
        if target.part.path == asked.part.path:
            what = "The condition of a question looks at the question itself."
            self._add(clause.at("question"), what, "Name an earlier question, or remove the condition.")
        elif target.number > asked.number:
            what = f"The condition looks at {quoted(target.part.key)}, which is asked later."
            self._add(clause.at("question"), what, "Move that question up, or name an earlier one.")

    def _earlier_section(self, section: Part, target: Asked, clause: Part) -> None:
        if target.section.path == section.path:
            what = f"The condition of a section looks at its own question {quoted(target.part.key)}."
            self._add(
                clause.at("question"), what, "Name a question of an earlier section, or a profile field."
            )
        elif target.section.path > section.path:
            what = f"The condition looks at {quoted(target.part.key)}, which is asked in a later section."
            self._add(clause.at("question"), what, "Move that section up, or name an earlier question.")

    def _same_sectors(self, holder: Part, asked: Asked | None, target: Asked, clause: Part) -> None:
        """A return holds one agency's answers, so a condition on another sector's question never holds."""
        ours, theirs = asked.sectors if asked else sectors_of(holder), target.sectors
        if ours and theirs and not ours & theirs:
            what = f"The sectors that are asked this are never asked {quoted(target.part.key)}."
            self._add(clause.at("question"), what, f"Name a question for {', '.join(sorted(ours))}.")

    def _cycles(self) -> None:
        """Find conditions that wait for each other, through their sections too."""
        waits_for = {
            asked.part.key: [
                (clause, clause.text("question"))
                for clause in clauses_of(asked.part) + clauses_of(asked.section)
                if clause.text("question") in self.outline.questions
            ]
            for asked in self.outline.questions.values()
        }
        done: set[str] = set()
        for start in waits_for:
            self._walk(start, waits_for, done)

    def _walk(self, start: str, waits_for: dict[str, list[tuple[Part, str]]], done: set[str]) -> None:
        """Walk depth first without recursion; what is on the present way and met again closes a circle."""
        way: list[str] = []
        stack: list[tuple[str, bool]] = [(start, True)]
        while stack:
            key, entering = stack.pop()
            if not entering:
                way.pop()
                done.add(key)
                continue
            if key in done:
                continue
            way.append(key)
            stack.append((key, False))
            for clause, target in waits_for[key]:
                if target in way:
                    self._circle(way[way.index(target) :], clause)
                elif target not in done:
                    stack.append((target, True))

    def _circle(self, keys: list[str], clause: Part) -> None:
        if len(keys) < 2:
            return  # a question that looks at itself is noted where its condition is checked
        shown = " → ".join([*keys, keys[0]])
        self._add(
            clause.at("question"), f"These conditions wait for each other: {shown}.", "Remove one of them."
        )
