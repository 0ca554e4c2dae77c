// A preview: questions and sections come and go as answers change, and sections open at once. The page works
// without any of this, by its buttons; what is typed stays in the page either way.

const form = document.querySelector("form[data-preview]");
const sections = [...form.querySelectorAll("[data-section]")];
const unasked = new Set(); // sections whose own condition does not hold

function chosen(name) {
  const fields = [...form.querySelectorAll(`[name="${name}"]`)];
  return fields.filter(isGiven).map((field) => field.value);
}

function isGiven(field) {
  if (field.type === "select-one") return field.value !== "";
  // An answer counts only while its question is asked; that its section is not open does not matter.
  return field.checked && !field.closest("[data-question][hidden]") && !unasked.has(field.closest("[data-section]"));
}

function holds([name, answers, negated]) {
  const given = chosen(name);
  if (!given.length) return false;
  return negated !== given.some((answer) => answers.includes(answer));
}

function isAsked(element) {
  if (!element.dataset.onlyIf) return true;
  const condition = JSON.parse(element.dataset.onlyIf);
  return condition.any ? condition.clauses.some(holds) : condition.clauses.every(holds);
}

// Conditions look only at questions above them, so one walk down the page settles all of them.
function settle() {
  const asked = sections.filter((section) => {
    const own = isAsked(section);
    unasked[own ? "delete" : "add"](section);
    const questions = [...section.querySelectorAll("[data-question]")];
    for (const question of questions) question.hidden = !own || !isAsked(question);
    return questions.some((question) => !question.hidden);
  });
  for (const section of sections) {
    const place = asked.indexOf(section) + 1;
    const words = place ? `Section ${place} of ${asked.length}` : "Not asked as things stand";
    section.querySelector("[data-place]").textContent = words;
    const item = form.querySelector(`[data-go="${section.dataset.section}"]`);
    item.hidden = !place && section.hidden && !section.querySelector(".at-faults");
  }
  const open = sections.find((section) => !section.hidden);
  form.querySelector("[data-continue]").hidden = !open || open === asked.at(-1);
  const shown = open ? [...open.querySelectorAll("[data-question]:not([hidden])")] : [];
  form.elements.namedItem("shown").value = shown.map((question) => question.dataset.question).join(" ");
}

function openSection(key) {
  for (const section of sections) section.hidden = section.dataset.section !== key;
  form.elements.namedItem("section").value = key;
  for (const item of form.querySelectorAll("[data-go]")) {
    const button = item.querySelector("button");
    button.toggleAttribute("aria-current", item.dataset.go === key);
    if (item.dataset.go === key) button.setAttribute("aria-current", "true");
  }
  settle();
  document.getElementById(`title-${key}`).focus();
}

if (sections.length) {
  form.addEventListener("input", settle);
  form.addEventListener("click", (event) => {
    const item = event.target.closest("[data-go]");
    if (!item) return;
    event.preventDefault();
    openSection(item.dataset.go);
  });
  // Browsers put back what was typed when somebody returns to the page.
  window.addEventListener("pageshow", settle);
  settle();
}
