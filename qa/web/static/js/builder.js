// Building a framework: fields come and go with the type, rows are added in place, lists are dragged into
// order, and what is typed is kept in this browser until it is saved. The pages work without any of this.

// --- Fields that go with a type -------------------------------------------------------------------------

function settleTypes(form) {
  const select = form.querySelector("select[data-type]");
  const radio = form.querySelector("[data-type-radios] input:checked");
  const kind = select?.value ?? radio?.value;
  if (kind) {
    for (const part of form.querySelectorAll("[data-for]")) {
      part.hidden = !part.dataset.for.split(" ").includes(kind);
    }
  }
  const scale = form.querySelector("select[data-scale-choice]");
  if (scale) {
    for (const part of form.querySelectorAll("[data-scale]")) part.hidden = part.dataset.scale !== scale.value;
  }
  const rule = form.querySelector("input[name=evidence]:checked");
  for (const part of form.querySelectorAll("[data-evidence-some]")) part.hidden = rule?.value !== "some";
}

function settleLook(row) {
  const look = row.querySelector("[data-look]");
  if (!look) return;
  look.className = `at-grade at-grade--${row.querySelector("[data-colour]").value || "grey"}`;
  look.textContent = row.querySelector("[data-grade-label]").value || "Grade";
}

// --- Rows ------------------------------------------------------------------------------------------------

const rowsOf = (list) => [...list.children].filter((row) => row.dataset.rowOf);
const NUMBERED = /\b([Aa]nswer|[Gg]rade|[Cc]ondition) \d+/;

// Rows are sent in the order of their numbers, so these follow the order on the page.
function renumber(field) {
  const name = field.dataset.rows;
  rowsOf(field.querySelector("[data-rows-list]")).forEach((row, place) => {
    for (const element of row.querySelectorAll("*")) {
      for (const attribute of ["name", "id", "for", "value", "aria-describedby"]) {
        const text = element.getAttribute(attribute);
        const wanted = attribute !== "value" || element.matches("button");
        if (text && wanted) element.setAttribute(attribute, text.replace(new RegExp(`(^|-)${name}-(\\d+|__n__)`), `$1${name}-${place}`));
      }
      if (element.matches("label, legend, .govuk-visually-hidden") && !element.children.length) {
        element.textContent = element.textContent.replace(NUMBERED, `$1 ${place + 1}`);
      }
      if (element.matches("[data-number]")) element.textContent = place + 1;
    }
  });
  const combine = field.parentElement.querySelector("[data-combine]");
  if (combine) combine.hidden = rowsOf(field.querySelector("[data-rows-list]")).length < 2;
}

function addRow(field, form) {
  const template = document.querySelector(`template[data-template="${field.dataset.rows}"]`);
  if (!template) return false;
  const row = template.content.firstElementChild.cloneNode(true);
  field.querySelector("[data-rows-list]").append(row);
  renumber(field);
  prepare(form);
  row.querySelector("input:not([type=hidden]), select")?.focus();
  return true;
}

function arrangeRow(row, act) {
  const field = row.closest("[data-rows]");
  const list = row.parentElement;
  if (act === "remove") {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    (next?.querySelector("[data-row=remove]") ?? field.querySelector("[data-add-row]")).focus();
  } else {
    const button = row.querySelector(`[data-row=${act}]`);
    if (act === "up") row.previousElementSibling?.before(row);
    else row.nextElementSibling?.after(row);
    button.focus();
  }
  renumber(field);
  return list;
}

// The answers of what a condition looks at, to tick.
function showAnswers(row) {
  const holder = row.closest("[data-conditions]");
  const { sets, of } = JSON.parse(holder.dataset.conditions);
  const chosen = row.querySelector("[data-subject]").value;
  const box = row.querySelector("[data-answers]");
  const name = row.querySelector("[data-subject]").name.replace(/-subject$/, "-answer");
  box.replaceChildren();
  (sets[of[chosen]] ?? []).forEach(([key, label], place) => {
    const item = document.createElement("div");
    item.className = "govuk-checkboxes__item";
    const input = document.createElement("input");
    Object.assign(input, { type: "checkbox", className: "govuk-checkboxes__input", name, value: key, id: place ? `${name}-${place + 1}` : name });
    const words = document.createElement("label");
    Object.assign(words, { className: "govuk-label govuk-checkboxes__label", htmlFor: input.id, textContent: label });
    item.append(input, words);
    box.append(item);
  });
}

function copyWords(button) {
  for (const group of button.closest("[data-scale]").querySelectorAll(".govuk-form-group")) {
    const box = group.querySelector("textarea");
    const words = group.querySelector(".govuk-hint")?.textContent;
    if (box && words && !box.value.trim()) box.value = words;
  }
}

// --- Keeping what is typed until it is saved -------------------------------------------------------------

const START = "at-typed|";
const SENT = "at-typed-sent"; // of this tab: the key of the form just sent
const LONGEST_KEPT = 60 * 24 * 3600 * 1000;

// A browser may refuse to keep anything: then nothing is kept, and the page still warns before it is left.
function stored(act) {
  try {
    return act();
  } catch {
    return null;
  }
}

function fieldsOf(form) {
  return [...new FormData(form)].filter(([name]) => name !== "csrf_token" && name !== "do");
}

class Keeper {
  constructor(form) {
    this.form = form;
    this.start = `${START}${form.dataset.keep}|${location.pathname}|`;
    this.key = this.start + Math.random().toString(36).slice(2);
    this.dirty = form.hasAttribute("data-dirty");
    this.first = JSON.stringify(fieldsOf(form));
    this.leaving = false;
    this.signingOut = false;
    this.forgetSuperseded();
    if (this.dirty) this.keep();
    this.offer();
    form.addEventListener("input", () => this.later());
    // What app.js forgets when one signs out is not kept again on the way.
    document.querySelector("form[action$='/sign-out']")?.addEventListener("submit", () => {
      this.signingOut = true;
    });
    form.addEventListener("change", () => this.later());
    form.addEventListener("submit", () => {
      this.keep();
      this.leaving = true;
      stored(() => sessionStorage.setItem(SENT, this.key));
    });
    window.addEventListener("pageshow", () => {
      this.leaving = false;
    });
    window.addEventListener("pagehide", () => this.keep());
    document.addEventListener("visibilitychange", () => this.keep());
    window.addEventListener("beforeunload", (event) => {
      if (this.leaving || !this.changed) return;
      this.keep();
      event.preventDefault();
    });
  }

  get changed() {
    return this.dirty || JSON.stringify(fieldsOf(this.form)) !== this.first;
  }

  later() {
    this.signingOut = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), 300);
  }

  keep() {
    clearTimeout(this.timer);
    if (this.leaving || this.signingOut) return;
    if (this.changed) {
      const value = JSON.stringify({ at: Date.now(), fields: fieldsOf(this.form) });
      stored(() => localStorage.setItem(this.key, value));
    } else {
      stored(() => localStorage.removeItem(this.key));
    }
  }

  // A form that came back with its words in it keeps them under a key of its own from now on.
  forgetSuperseded() {
    const sent = stored(() => sessionStorage.getItem(SENT));
    if (this.dirty && sent?.startsWith(this.start)) stored(() => localStorage.removeItem(sent));
  }

  offer() {
    const here = JSON.stringify(fieldsOf(this.form).filter(([name]) => name !== "version"));
    const found = stored(() => Object.keys(localStorage).filter((key) => key.startsWith(this.start) && key !== this.key)) ?? [];
    for (const key of found) {
      const kept = stored(() => JSON.parse(localStorage.getItem(key)));
      const same = kept && JSON.stringify(kept.fields.filter(([name]) => name !== "version")) === here;
      if (!kept || same || Date.now() - kept.at > LONGEST_KEPT) stored(() => localStorage.removeItem(key));
      else this.form.before(this.offerOf(key, kept));
    }
  }

  offerOf(key, kept) {
    const when = new Date(kept.at);
    const day = when.toLocaleDateString("en-GB", { day: "numeric", month: "long" });
    const time = when.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    const box = document.createElement("section");
    box.className = "at-kept";
    box.setAttribute("aria-label", "What you typed before");
    const words = document.createElement("p");
    words.className = "govuk-body";
    words.textContent = `You typed something here on ${day} at ${time} and did not save it.`;
    const buttons = document.createElement("div");
    buttons.className = "govuk-button-group";
    buttons.append(
      button("Bring it back", "govuk-button", () => this.bringBack(key, kept)),
      button("Forget it", "govuk-button govuk-button--secondary", () => {
        stored(() => localStorage.removeItem(key));
        box.remove();
        this.form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
      }),
    );
    box.append(words, buttons);
    return box;
  }

  // The server shows the form with these words in it, just as it does for a form that is not right yet.
  bringBack(key, kept) {
    const form = document.createElement("form");
    form.method = "post";
    const token = ["csrf_token", this.form.elements.namedItem("csrf_token").value];
    for (const [name, value] of [...kept.fields, token, ["do", "show"]]) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name, value });
      form.append(field);
    }
    document.body.append(form);
    this.keep();
    this.leaving = true;
    stored(() => sessionStorage.setItem(SENT, key));
    form.submit();
  }
}

function button(text, classes, act) {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", className: classes, textContent: text });
  made.addEventListener("click", act);
  return made;
}

function forgetSaved() {
  const saved = document.querySelector("[data-saved]")?.dataset.saved;
  const sent = stored(() => sessionStorage.getItem(SENT));
  if (!saved || sent?.split("|")[2] !== saved) return;
  stored(() => localStorage.removeItem(sent));
  stored(() => sessionStorage.removeItem(SENT));
}

// --- Putting lists in order ------------------------------------------------------------------------------

async function order(form, row, to) {
  const body = new URLSearchParams({ csrf_token: form.elements.namedItem("csrf_token").value, to });
  const response = await fetch(row.dataset.move, { method: "POST", body }).catch(() => null);
  const page = response?.ok ? new DOMParser().parseFromString(await response.text(), "text/html") : null;
  const list = page?.querySelector("[data-list]");
  if (!list) {
    location.reload();
    return;
  }
  form.querySelector("[data-list]").replaceWith(document.adoptNode(list));
  for (const part of document.querySelectorAll("[data-refresh]")) {
    const fresh = page.querySelector(`[data-refresh="${part.dataset.refresh}"]`);
    if (part.isConnected && fresh) part.replaceWith(document.adoptNode(fresh));
  }
  addGrips(form);
  const moved = document.getElementById(row.id);
  (moved?.querySelector(`.at-move[value="${to}"]`) ?? moved?.querySelector(".at-move"))?.focus();
  const said = page.querySelector(".govuk-notification-banner__heading")?.textContent ?? "";
  form.querySelector("[data-announce]").textContent = said;
}

let dragged = null;

function addGrips(form) {
  for (const row of form.querySelectorAll("[data-move]")) {
    const grip = document.createElement("span");
    grip.className = "at-grip";
    grip.draggable = true;
    grip.setAttribute("aria-hidden", "true");
    grip.title = "Drag to another place";
    row.prepend(grip);
  }
}

function dragging(form) {
  const unmark = () => form.querySelectorAll("[data-move]").forEach((row) => row.classList.remove("at-part--before", "at-part--after", "at-part--moving"));
  form.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.(".at-grip")?.closest("[data-move]") ?? null;
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.id);
    event.dataTransfer.setDragImage(dragged, 10, 10);
    dragged.classList.add("at-part--moving");
  });
  form.addEventListener("dragover", (event) => {
    const over = event.target.closest("[data-move]");
    if (!dragged || !over) return;
    event.preventDefault();
    unmark();
    dragged.classList.add("at-part--moving");
    if (over !== dragged) over.classList.add(isAfter(over, event) ? "at-part--after" : "at-part--before");
  });
  form.addEventListener("drop", (event) => {
    const over = event.target.closest("[data-move]");
    if (!dragged || !over) return;
    event.preventDefault();
    const others = [...form.querySelectorAll("[data-move]")].filter((row) => row !== dragged);
    const place = others.indexOf(over) + (isAfter(over, event) ? 1 : 0);
    const moving = dragged;
    dragged = null;
    unmark();
    if (over !== moving) order(form, moving, String(place + 1));
  });
  form.addEventListener("dragend", () => {
    dragged = null;
    unmark();
  });
}

function isAfter(row, event) {
  const box = row.getBoundingClientRect();
  return event.clientY > box.top + box.height / 2;
}

// --- What happens when -----------------------------------------------------------------------------------

function prepare(form) {
  settleTypes(form);
  form.querySelectorAll("[data-row-of=grades]").forEach(settleLook);
  // Without the script these show the answers again.
  form.querySelectorAll("[data-show-answers]").forEach((element) => {
    element.hidden = true;
  });
}

forgetSaved();

for (const form of document.querySelectorAll("form[data-keep]")) {
  prepare(form);
  const keeper = new Keeper(form);
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-subject]")) showAnswers(event.target.closest("[data-row-of]"));
    settleTypes(form);
  });
  form.addEventListener("input", (event) => {
    const row = event.target.closest("[data-row-of=grades]");
    if (row) settleLook(row);
  });
  form.addEventListener("click", (event) => {
    const add = event.target.closest("[data-add-row]");
    const act = event.target.closest("[data-row]");
    const copy = event.target.closest("[data-copy-words]");
    if (add) {
      if (!addRow(add.closest("[data-rows]"), form)) return;
    } else if (act) {
      arrangeRow(act.closest("[data-row-of]"), act.dataset.row);
    } else if (copy) {
      copyWords(copy);
    } else {
      return;
    }
    event.preventDefault();
    keeper.later();
  });
}

for (const form of document.querySelectorAll("form[data-order]")) {
  addGrips(form);
  dragging(form);
  form.addEventListener("submit", (event) => {
    if (event.submitter?.name !== "to") return;
    event.preventDefault();
    order(form, event.submitter.closest("[data-move]"), event.submitter.value);
  });
}

document.querySelector("[autofocus]")?.focus();
