// A section of a return: questions come and go as answers change, rows are added and removed at once, and
// what is typed is saved by itself. The page works without any of this, by its buttons.

const form = document.querySelector("form[data-autosave]");
// By the addresses that the page gives, which change with their content: browsers keep these files for a year.
const [{ Unsent }, { Words }] = await Promise.all([import(form.dataset.unsentScript), import(form.dataset.wordsScript)]);
const QUIET = 1500; // milliseconds without a key before saving
const LONGEST_WAIT = 60000;

// --- Questions that depend on answers -------------------------------------------------------------------

const conditional = [...form.querySelectorAll("[data-only-if]")].map((element) => ({
  element,
  condition: JSON.parse(element.dataset.onlyIf),
}));

function chosen(key) {
  const fields = form.querySelectorAll(`[name="q-${key}"]`);
  return [...fields]
    .filter((field) => field.checked && !field.closest("fieldset[disabled][data-only-if]"))
    .map((field) => field.value);
}

function holds(clause) {
  if (typeof clause === "boolean") return clause;
  const [key, answers, negated] = clause;
  const given = chosen(key);
  if (!given.length) return false;
  return negated !== given.some((answer) => answers.includes(answer));
}

// Conditions look only at questions above them, so one walk down the page settles all of them.
function settleConditions() {
  for (const { element, condition } of conditional) {
    const asked = condition.any ? condition.clauses.some(holds) : condition.clauses.every(holds);
    element.hidden = !asked;
    if (element.disabled === asked) {
      element.disabled = !asked;
      if (asked) touched.add(element.dataset.question);
      else refused.delete(element.dataset.question);
    }
  }
}

// --- Rows of strengths and areas for improvement --------------------------------------------------------

function rowsOf(list) {
  return [...list.querySelectorAll("[data-finding]")];
}

function addRow(list, { focus = true } = {}) {
  const kind = list.dataset.findings;
  const ref = `${kind}-n${list.dataset.next}`;
  list.dataset.next = Number(list.dataset.next) + 1;
  const model = rowsOf(list).find((row) => row.querySelector("textarea"));
  const row = model.cloneNode(true);
  const old = row.dataset.finding;
  row.hidden = false;
  row.dataset.finding = ref;
  row.querySelector(".at-finding__undo")?.remove();
  row.querySelector("[data-asked]")?.remove();
  row.querySelectorAll(".govuk-error-message").forEach((message) => message.remove());
  row.querySelectorAll("[class*='--error']").forEach((element) => {
    element.classList.remove("govuk-form-group--error", "govuk-textarea--error");
  });
  row.querySelector(".govuk-form-group").hidden = false;
  for (const field of row.querySelectorAll("[name]")) {
    field.name = field.name.replace(old, ref);
    if (field.id) field.id = field.id.replace(old, ref);
  }
  const [mark, removed] = row.querySelectorAll("input[type=hidden]");
  mark.value = form.dataset.newMark;
  removed.disabled = true;
  const box = row.querySelector("textarea");
  box.value = "";
  box.removeAttribute("aria-describedby");
  row.querySelector("label").htmlFor = box.id;
  row.querySelector("[data-remove]").value = `remove-${ref}`;
  model.parentElement.append(row);
  words.count(box);
  numberRows(list);
  if (focus) box.focus();
  return row;
}

function numberRows(list) {
  let place = 0;
  for (const row of rowsOf(list)) {
    const number = row.querySelector("[data-number]");
    if (!number) continue;
    if (!isRemoved(row)) place += 1;
    number.textContent = place || 1;
    const said = row.querySelector("[data-remove] .govuk-visually-hidden");
    if (said) said.textContent = said.textContent.replace(/\d+$/, String(place || 1));
  }
}

function isRemoved(row) {
  return !row.querySelectorAll("input[type=hidden]")[1].disabled;
}

function setRemoved(row, removed, { focus = true } = {}) {
  const list = row.closest("[data-findings]");
  row.querySelectorAll("input[type=hidden]")[1].disabled = !removed;
  row.querySelector(".govuk-form-group").hidden = removed;
  row.querySelector("[data-asked]")?.toggleAttribute("hidden", removed);
  row.querySelector(".at-finding__undo")?.remove();
  if (removed) {
    const undo = document.createElement("p");
    undo.className = "govuk-body at-finding__gone at-finding__undo";
    undo.append("Removed. ");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "at-link-button";
    button.textContent = "Undo";
    button.addEventListener("click", () => {
      setRemoved(row, false);
      row.querySelector("textarea").focus();
    });
    undo.append(button);
    row.append(undo);
    if (focus) button.focus();
  }
  numberRows(list);
  touch(row.dataset.finding);
}

// --- Saving by itself -----------------------------------------------------------------------------------

const status = form.querySelector("[data-status]");
const touched = new Set(); // questions and rows changed since they were last sent
const refused = new Set(); // sent, but malformed or changed by somebody else as well
let timer = 0;
let sending = null;
let wait = 0; // milliseconds until the next try after a failure, 0 when the last one worked
let refreshed = false; // a fresh token was fetched since the last save that worked
let stopped = false; // the return does not change any more
let leaving = false;
let onTheWay = []; // names of what was sent and has no answer yet

const words = new Words(form);
const unsent = new Unsent(form, { part, makeRow: rowFor });

const unsaved = () => touched.size > 0 || refused.size > 0 || sending !== null;

// "Saved 14:02" stands only while it is true.
function markUnsaved() {
  form.toggleAttribute("data-unsaved", unsaved());
  keepUnsent();
}

function keepUnsent(how) {
  unsent.keep(new Set([...touched, ...refused, ...onTheWay]), how);
}

// A row for a strength or an area for improvement that was new when it was typed.
function rowFor(name) {
  const list = form.querySelector(`[data-findings="${name.replace(/-n?\d+$/, "")}"]`);
  const number = name.match(/-n(\d+)$/)?.[1];
  if (!list || !number || !rowsOf(list).some((row) => row.querySelector("textarea"))) return null;
  list.dataset.next = Math.max(Number(list.dataset.next), Number(number));
  return Number(list.dataset.next) === Number(number) ? addRow(list, { focus: false }) : null;
}

function say(text, { bad = false, link = null } = {}) {
  if (status.dataset.said === text) return;
  status.dataset.said = text;
  status.textContent = text;
  status.classList.toggle("at-status--bad", bad);
  if (link) {
    status.append(" ", link);
  }
}

function partOf(target) {
  return target.closest("[data-question], [data-finding]");
}

function nameOf(part) {
  return part.dataset.question ?? part.dataset.finding;
}

function part(name) {
  return form.querySelector(`[data-question="${name}"], [data-finding="${name}"]`);
}

function touch(name) {
  if (stopped) return;
  touched.add(name);
  refused.delete(name);
  markUnsaved();
  clearTimeout(timer);
  timer = setTimeout(save, wait || QUIET);
}

// Only what was changed is sent: a question whose hidden mark is not in the form is left alone.
function body(names) {
  const data = new URLSearchParams();
  for (const name of ["csrf_token", "form", "edition"]) data.append(name, form.elements.namedItem(name).value);
  for (const name of names) {
    for (const field of part(name)?.querySelectorAll("input, textarea") ?? []) {
      if (field.disabled || field.closest("fieldset[disabled]")) continue;
      if ((field.type === "radio" || field.type === "checkbox") && !field.checked) continue;
      if (field.closest("[data-asked]")) continue; // half a reason is none: a button sends it
      if (field.name) data.append(field.name, field.value);
    }
  }
  return data;
}

function nextSending() {
  const key = form.elements.namedItem("form");
  const [opening, number] = key.value.split("-");
  key.value = `${opening}-${Number(number) + 1}`;
}

// What is asked about a text is answered by a button: what it says goes with the next sending.
const answers = []; // [name of the part, fields to send with it]

function answer(button) {
  const element = partOf(button);
  const [what, token] = button.value.split(":");
  const why = element.querySelector(`[name="why-${token}"]`);
  if (what === "keep" && !why.value.trim()) {
    why.focus();
    say("Not kept: say why it has to stay.", { bad: true });
    return;
  }
  answers.push([nameOf(element), [[button.name, button.value], [why.name, why.value]]]);
  touch(nameOf(element));
  save();
}

async function save({ keepalive = false } = {}) {
  // A page that is going cannot wait for the sending before: the server puts the two in order.
  if (stopped || !touched.size || (sending && !keepalive)) return;
  clearTimeout(timer);
  const names = [...touched];
  touched.clear();
  nextSending();
  onTheWay = names;
  const mine = send(names, keepalive);
  sending = mine;
  await mine;
  if (sending === mine) {
    sending = null;
    onTheWay = [];
  }
  markUnsaved();
  if (touched.size && !stopped) timer = setTimeout(save, wait || QUIET);
}

async function send(names, keepalive) {
  // One answer a sending, since the server takes one button; it waits here until it has arrived.
  const answered = answers.find(([name]) => names.includes(name));
  try {
    const data = body(names);
    for (const [name, value] of answered?.[1] ?? []) data.append(name, value);
    // Browsers refuse to send more than 64 kB from a page that is going.
    const small = data.toString().length < 60000;
    const response = await fetch(form.dataset.autosave, {
      method: "POST",
      body: data,
      keepalive: keepalive && small,
      headers: { Accept: "application/json" },
      redirect: "error",
    });
    await taken(response, names, data);
    if (response.ok || response.status === 409) {
      if (answered) answers.splice(answers.indexOf(answered), 1);
      if (answers.length) touched.add(answers[0][0]);
    }
  } catch {
    again(names, "Not saved, trying again.");
  }
}

async function taken(response, names, data) {
  if (response.ok || response.status === 409) {
    wait = 0;
    refreshed = false;
    unsent.forgetting = false;
    accept(await response.json(), names, data);
  } else if (response.status === 401) {
    signedOut(names);
  } else if (response.status === 400) {
    if (!refreshed && (await freshToken())) {
      refreshed = true;
      wait = 0;
      names.forEach((name) => touched.add(name));
    } else {
      again(names, "Not saved. Copy what you typed, then open the page again.");
    }
  } else if (response.status === 403) {
    const isJson = response.headers.get("Content-Type")?.includes("json");
    stop(isJson ? (await response.json()).message : "You may not change this return any more.", names);
  } else if (response.status === 404) {
    stop("This return is no longer yours to change.", names);
  } else {
    again(names, "Not saved, trying again.");
  }
}

function accept(answer, names, data) {
  for (const [name, value] of Object.entries(answer.marks)) {
    const field = form.elements.namedItem(name);
    if (field) field.value = value;
  }
  suggest(answer.suggested);
  count(answer.counted);
  names.forEach((name) => clearError(name));
  putTexts(answer.texts, data);
  const asks = showAsked(answer.asked, names, data.has("guard"));
  for (const error of answer.errors) {
    const name = nameOf(partOf(document.getElementById(error.field)));
    if (touched.has(name)) continue; // typed on meanwhile: the next sending tells
    refused.add(name);
    showError(name, error);
  }
  for (const clash of answer.clashes) refused.add(clash.name);
  if (answer.clashes.length) {
    const what = answer.clashes.map((clash) => `“${clash.label}”`).join(", ");
    say(`Not saved: somebody else changed ${what}. Yours is still on this page.`, {
      bad: true,
      link: submitButton("Compare the two"),
    });
  } else if (answer.errors.length) {
    say(`Saved ${answer.saved_at}, except what is marked.`, { bad: true });
  } else {
    say(`Saved ${answer.saved_at}${asks ? ". Look at what is marked: could it identify somebody?" : ""}`);
  }
}

// What was replaced in a box by the server; not over words that were typed since it was sent.
function putTexts(texts, data) {
  for (const [name, text] of Object.entries(texts)) {
    const box = form.elements.namedItem(name);
    if (box && box.value === data.get(name)) box.value = text;
  }
}

// What is asked about the texts just saved, below each box; true when something is. A reason that is being
// typed is left alone.
function showAsked(asked, names, answered) {
  const reasons = new Map();
  for (const name of names) {
    for (const old of part(name)?.querySelectorAll("[data-asked]") ?? []) {
      for (const why of old.querySelectorAll("input[type=text]")) reasons.set(why.name, why.value);
      if (answered || !asked[old.dataset.asked] || !old.contains(document.activeElement)) old.remove();
    }
  }
  for (const [name, html] of Object.entries(asked)) {
    const box = document.getElementById(name);
    if (!box || partOf(box).querySelector(`[data-asked="${name}"]`)) continue;
    const made = new DOMParser().parseFromString(html, "text/html").querySelector("[data-asked]");
    for (const why of made.querySelectorAll("input[type=text]")) why.value ||= reasons.get(why.name) ?? "";
    groupOf(box).after(made);
  }
  return Object.keys(asked).length > 0;
}

// What the saved answers suggest for the section's grade; the grade itself is only ever set by a person.
function suggest(words) {
  const box = form.querySelector("[data-suggestion]");
  if (!box) return;
  box.querySelector("[data-suggested]").textContent = words;
  box.hidden = !words;
}

// What lies between two dates, beside the second. Only what changes is said by a screen reader.
function count(counted) {
  for (const [question, words] of Object.entries(counted)) {
    const line = form.querySelector(`[data-counted="${question}"]`);
    if (line && line.textContent !== words) line.textContent = words;
  }
}

function again(names, text) {
  names.forEach((name) => touched.add(name));
  wait = Math.min(wait ? wait * 2 : 2000, LONGEST_WAIT);
  say(text, { bad: true });
}

function signedOut(names) {
  names.forEach((name) => touched.add(name));
  wait = LONGEST_WAIT;
  const link = document.createElement("a");
  link.className = "govuk-link";
  link.href = form.dataset.signIn;
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = "Sign in again (opens in a new tab)";
  say("You have been signed out. What you typed is kept on this page and saved once you are back.", {
    bad: true,
    link,
  });
}

function stop(text, names) {
  names.forEach((name) => refused.add(name));
  stopped = true;
  say(text, { bad: true });
}

// After signing in again in another tab, this page's token no longer fits: fetch one that does.
async function freshToken() {
  const response = await fetch(form.action, { redirect: "error" }).catch(() => null);
  if (!response?.ok) return false;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const token = page.querySelector("input[name=csrf_token]")?.value;
  // Not in the name of somebody else who has signed in here since.
  if (!token || page.querySelector("form[data-kept]")?.dataset.kept !== form.dataset.kept) return false;
  for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = token;
  return true;
}

function submitButton(text) {
  const button = document.createElement("button");
  button.type = "submit";
  button.name = "do";
  button.value = "stay";
  button.className = "at-link-button";
  button.textContent = text;
  return button;
}

// --- Errors beside a field ------------------------------------------------------------------------------

// Not while the person is still in the question: half a date is not a mistake yet.
function showError(name, error) {
  const element = part(name);
  if (element.contains(document.activeElement)) return;
  const box = document.getElementById(error.field);
  const group = groupOf(box);
  const message = document.createElement("p");
  message.className = "govuk-error-message";
  message.id = `${box.name || box.id}-error`;
  message.dataset.byScript = "";
  const prefix = document.createElement("span");
  prefix.className = "govuk-visually-hidden";
  prefix.textContent = "Error:";
  message.append(prefix, ` ${error.message}`);
  group.classList.add("govuk-form-group--error");
  const described = box.closest("fieldset:not([data-question])") ?? box;
  described.dataset.described ??= described.getAttribute("aria-describedby") ?? "";
  described.setAttribute("aria-describedby", `${described.dataset.described} ${message.id}`.trim());
  const before = group.querySelector(".govuk-date-input, .govuk-radios, .govuk-checkboxes, .govuk-input__wrapper");
  (before ?? box).before(message);
}

function groupOf(box) {
  const groups = [];
  for (let group = box.closest(".govuk-form-group"); group; group = group.parentElement.closest(".govuk-form-group")) {
    groups.push(group);
  }
  return groups.at(-1);
}

function clearError(name) {
  const element = part(name);
  if (!element) return;
  element.querySelectorAll(".govuk-error-message").forEach((message) => {
    message.closest(".govuk-form-group--error")?.classList.remove("govuk-form-group--error");
    message.remove();
  });
  element.querySelectorAll("[data-described]").forEach((described) => {
    described.setAttribute("aria-describedby", described.dataset.described);
    if (!described.dataset.described) described.removeAttribute("aria-describedby");
    delete described.dataset.described;
  });
  element.querySelectorAll(".govuk-input--error, .govuk-textarea--error").forEach((field) => {
    field.classList.remove("govuk-input--error", "govuk-textarea--error");
  });
}

// --- What happens when ----------------------------------------------------------------------------------

form.addEventListener("input", (event) => {
  if (event.target.closest("[data-asked]")) return;
  settleConditions();
  const changed = partOf(event.target);
  if (changed) touch(nameOf(changed));
});

form.addEventListener("focusout", (event) => {
  const left = partOf(event.target);
  if (!left || left.contains(event.relatedTarget)) return;
  const name = nameOf(left);
  if (refused.delete(name)) touched.add(name);
  if (!wait) save();
});

form.addEventListener("click", (event) => {
  const add = event.target.closest("[data-add]");
  const remove = event.target.closest("[data-remove]");
  const guard = event.target.closest("button[name=guard]");
  if (guard && !stopped) {
    event.preventDefault();
    answer(guard);
  } else if (add) {
    const list = add.closest("[data-findings]");
    if (!rowsOf(list).some((row) => row.querySelector("textarea"))) return;
    event.preventDefault();
    addRow(list);
  } else if (remove) {
    event.preventDefault();
    setRemoved(remove.closest("[data-finding]"), true);
  }
});

// A save on its way must end before the form is sent, or the two would meet each other.
form.addEventListener("submit", async (event) => {
  if (leaving) return;
  clearTimeout(timer);
  nextSending();
  keepUnsent({ sent: true });
  if (!sending) {
    leaving = true;
    return;
  }
  event.preventDefault();
  await Promise.race([sending, new Promise((resolve) => setTimeout(resolve, 8000))]);
  leaving = true;
  nextSending();
  form.requestSubmit(event.submitter);
});

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") {
    save({ keepalive: true });
  } else if (wait && !stopped) {
    save();
  }
});
window.addEventListener("pagehide", () => save({ keepalive: true }));
window.addEventListener("online", () => save());
window.addEventListener("focus", () => {
  if (wait && !stopped) save();
});
window.addEventListener("pageshow", () => {
  leaving = false;
});
// The browser would save the page as a file, with a child's record in it.
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  event.preventDefault();
  if (touched.size) save();
  else if (!unsaved() && !status.textContent) say("Nothing to save: nothing was changed.");
});
window.addEventListener("beforeunload", (event) => {
  if (leaving || !unsaved()) return;
  save({ keepalive: true });
  event.preventDefault();
});

settleConditions();
touched.clear();
const broughtBack = unsent.bringBack();
if (broughtBack.length) {
  settleConditions();
  form.querySelectorAll("textarea").forEach((box) => words.count(box));
  const gone = broughtBack.map(part).filter((row) => row.dataset.finding && isRemoved(row));
  gone.forEach((row) => setRemoved(row, true, { focus: false }));
  form.querySelectorAll("[data-findings]").forEach(numberRows);
  broughtBack.forEach(touch);
  say("What you had typed before and was not saved is back on this page.", { bad: true });
}
markUnsaved();
