// Grades by the keyboard: in a grade's list a digit chooses, and Ctrl (or Command) with Enter saves. The keys work
// only while the focus is in that form, so that no assistive technology's own keys are taken (WCAG 2.1.4).

for (const form of document.querySelectorAll("form.at-agree")) {
  const choices = [...form.querySelectorAll("input[name=grade]")];
  const group = form.querySelector("fieldset");
  const hint = document.createElement("p");
  hint.className = "govuk-hint at-agree__keys";
  hint.id = `keys-${choices[0].id}`;
  hint.textContent = `Keys: 1 to ${choices.length} choose a grade, Ctrl and Enter save`;
  group.querySelector("legend").after(hint);
  group.setAttribute("aria-describedby", `${group.getAttribute("aria-describedby") ?? ""} ${hint.id}`.trim());

  form.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector(".govuk-button[type=submit]"));
      return;
    }
    if (event.ctrlKey || event.metaKey || event.target.name !== "grade" || !/^[1-9]$/.test(event.key)) return;
    const choice = choices[Number(event.key) - 1];
    if (!choice) return;
    event.preventDefault();
    choice.checked = true;
    choice.focus();
    choice.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
