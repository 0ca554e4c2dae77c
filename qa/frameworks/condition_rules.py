"""What the conditions of a framework file must keep to, so that none can be impossible or wait for itself."""

from qa.frameworks.file_problems import quoted, suggest
from qa.frameworks.naming import choose, key_words, own_words, section_words, sector_words
from qa.frameworks.noting import RuleBook, asked_words, profile_words
from qa.frameworks.outline import Asked, Part, clauses_of, sectors_of


class ConditionRules(RuleBook):
    """Looks at every condition of a file and notes what is wrong with it."""

    def check(self) -> None:
        """Check that what each clause looks at exists, is asked before, and can be answered so."""
        for holder, asked, clause in self.outline.conditions():
            if clause.text("profile"):
                self._profile(clause)
            if clause.text("question"):
                self._question(holder, asked, clause)
        self._cycles()

    def _profile(self, clause: Part) -> None:
        key = clause.text("profile")
        field = self.outline.profile.get(key)
        if field is None:
            remedy = suggest(key, self.outline.profile)
            self._add(
                clause.at("profile"),
                f"There is no profile field {quoted(key)}.",
                remedy,
                plain="The condition looks at a case profile field that is not there: "
                f"{quoted(key_words(key))}.",
                advice="Choose another field, or remove the condition.",
            )
            return
        subject = f"the profile field {quoted(key)}", profile_words(field)
        self._answers(clause, field, self.outline.profile_answers(field), subject, "profile")

    def _question(self, holder: Part, asked: Asked | None, clause: Part) -> None:
        key = clause.text("question")
        target = self.outline.questions.get(key)
        if target is None:
            known = [name for name in self.outline.questions if name != holder.key or asked is None]
            self._add(
                clause.at("question"),
                f"There is no question {quoted(key)}.",
                suggest(key, known),
                plain=f"The condition looks at a question that is not there: {quoted(key_words(key))}.",
                advice="Choose another question, or remove the condition.",
            )
            return
        subject = f"the question {quoted(key)}", asked_words(target)
        self._answers(clause, target.part, self.outline.answers(target.part), subject, "question")
        if asked is None:
            self._earlier_section(holder, target, clause)
        else:
            self._earlier_question(asked, target, clause)
        self._same_sectors(holder, asked, target, clause)

    def _answers(
        self, clause: Part, part: Part, answers: list[str] | None, subject: tuple[str, str], name: str
    ) -> None:
        """subject: what is looked at, as the file's writer and as a form's user know it."""
        if answers is None:
            return
        in_file, in_words = subject
        if not answers:
            what, plain = (
                f"A condition cannot look at {words}: it has no answers to choose from."
                for words in (in_file, in_words)
            )
            remedy = "Use a grade, a yes/no question or a choice."
            self._add(clause.at(name), what, remedy, plain=plain)
            return
        for path, value in clause.texts("is") + clause.texts("is_not"):
            if value not in answers:
                self._add(
                    path,
                    f"{quoted(value)} is no answer to {in_file}.",
                    suggest(value, answers),
                    plain=f"The condition asks for {quoted(self._answer_words(value))}, which is no answer "
                    f"to {in_words}.",
                    advice=choose(self._labels_of(part, answers)),
                )
        if set(answers) <= {value for _, value in clause.texts("is_not")}:
            what, plain = (
                f"This condition can never hold: it leaves no answer of {words}."
                for words in (in_file, in_words)
            )
            remedy = "Take out the answers for which this is to be asked."
            self._add(clause.at("is_not"), what, remedy, plain=plain)

    def _earlier_question(self, asked: Asked, target: Asked, clause: Part) -> None:
        if target.part.path == asked.part.path:
            self._add(
                clause.at("question"),
                "The condition of a question looks at the question itself.",
                "Name an earlier question, or remove the condition.",
                plain=f"The condition of {asked_words(asked)} looks at the question itself.",
                advice="Choose an earlier question, or remove the condition.",
            )
        elif target.number > asked.number:
            self._add(
                clause.at("question"),
                f"The condition looks at {quoted(target.part.key)}, which is asked later.",
                "Move that question up, or name an earlier one.",
                plain=f"The condition of {asked_words(asked)} looks at {asked_words(target)}, which is asked "
                "later.",
                advice="Move that question up, or choose an earlier one.",
            )

    def _earlier_section(self, section: Part, target: Asked, clause: Part) -> None:
        words = section_words(section.document)
        if target.section.path == section.path:
            self._add(
                clause.at("question"),
                f"The condition of a section looks at its own question {quoted(target.part.key)}.",
                "Name a question of an earlier section, or a profile field.",
                plain=f"The condition of {words} looks at one of its own questions: {asked_words(target)}.",
                advice="Choose a question of an earlier section, or a field of the case profile.",
            )
        elif target.section.path > section.path:
            self._add(
                clause.at("question"),
                f"The condition looks at {quoted(target.part.key)}, which is asked in a later section.",
                "Move that section up, or name an earlier question.",
                plain=f"The condition of {words} looks at {asked_words(target)}, which is asked in a later "
                "section.",
                advice="Move that section up, or choose an earlier question.",
            )

    def _same_sectors(self, holder: Part, asked: Asked | None, target: Asked, clause: Part) -> None:
        """A return holds one agency's answers, so a condition on another sector's question never holds."""
        ours, theirs = asked.sectors if asked else sectors_of(holder), target.sectors
        if ours and theirs and not ours & theirs:
            words = asked_words(asked) if asked else section_words(holder.document)
            self._add(
                clause.at("question"),
                f"The sectors that are asked this are never asked {quoted(target.part.key)}.",
                f"Name a question for {', '.join(sorted(ours))}.",
                plain=f"The sectors that are asked {words} are never asked {asked_words(target)}.",
                advice=f"Choose a question that is asked of: {sector_words(ours)}.",
            )

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
        questions = [own_words(self.outline.questions[key].part.document, "text") for key in keys]
        self._add(
            clause.at("question"),
            f"These conditions wait for each other: {shown}.",
            "Remove one of them.",
            plain=f"These questions wait for each other's answers: {', '.join(questions)}.",
            advice="Remove the condition of one of them.",
        )
