// Words of a section that are not saved yet, kept in this tab so that a reload does not lose them.
//
// They are in the tab's own storage, under the person, the return and the section; they go when they are saved,
// when one signs out, after twelve hours, and with the tab (docs/decisions: words that are not saved yet).

const START = "at-unsent|";
const LONGEST_KEPT = 12 * 60 * 60 * 1000;

function stored(act) {
  try {
    return act();
  } catch {
    return null; // a browser that keeps nothing
  }
}

// What a part of the form holds: [name, value, checked, disabled] of each field.
function fieldsOf(part) {
  return [...part.querySelectorAll("input[name], textarea[name]")]
    .filter((field) => !field.closest("[data-asked]"))
    .map((field) => [field.name, field.value, Boolean(field.checked), field.disabled]);
}

// The hidden field that says which version of the answer the words were typed over.
const isMark = ([name]) => /^[vm]-/.test(name);

function same(one, other) {
  const said = (fields) => JSON.stringify(fields.filter((field) => !isMark(field)));
  return said(one) === said(other);
}

export class Unsent {
  // parts: gives the element of a part by its name; makeRow: adds a row for words whose own is not there.
  constructor(form, { part, makeRow }) {
    this.form = form;
    this.part = part;
    this.makeRow = makeRow;
    this.key = START + form.dataset.kept;
    this.forgetting = false;
    this.forgetOthers();
    window.addEventListener("storage", (event) => {
      if (event.key === "at-signed-out") this.forget();
    });
    document.querySelector("form[action$='/sign-out']")?.addEventListener("submit", () => this.forget());
  }

  forgetOthers() {
    const person = this.form.dataset.kept.split("|")[0];
    for (const key of stored(() => Object.keys(sessionStorage)) ?? []) {
      if (!key.startsWith(START)) continue;
      const kept = stored(() => JSON.parse(sessionStorage.getItem(key)));
      const old = !kept || Date.now() - kept.at > LONGEST_KEPT;
      if (old || key.split("|")[1] !== person) stored(() => sessionStorage.removeItem(key));
    }
  }

  forget() {
    this.forgetting = true;
    stored(() => sessionStorage.removeItem(this.key));
  }

  // names: the parts with words that are not saved. sent: they are on their way by a button.
  keep(names, { sent = false } = {}) {
    if (this.forgetting) return;
    const parts = {};
    for (const name of names) {
      const element = this.part(name);
      if (element) parts[name] = fieldsOf(element);
    }
    if (!Object.keys(parts).length) {
      stored(() => sessionStorage.removeItem(this.key));
      return;
    }
    const value = { at: Date.now(), sent, opening: this.form.elements.namedItem("form").value, parts };
    stored(() => sessionStorage.setItem(this.key, JSON.stringify(value)));
  }

  // Put back what is not saved; gives back the names of the parts that were changed by that.
  bringBack() {
    const kept = stored(() => JSON.parse(sessionStorage.getItem(this.key)));
    if (!kept) return [];
    const back = [];
    for (const [name, fields] of Object.entries(kept.parts)) {
      const element = this.part(name) ?? this.makeRow(name);
      if (!element) continue;
      const here = fieldsOf(element);
      if (same(here, fields)) continue;
      // Sent by a button and another version since: it arrived.
      if (kept.sent && JSON.stringify(here.filter(isMark)) !== JSON.stringify(fields.filter(isMark))) continue;
      for (const [field, value, checked, disabled] of fields) this.fill(element, field, value, checked, disabled);
      back.push(name);
    }
    if (back.length) this.goOnFrom(kept.opening);
    else stored(() => sessionStorage.removeItem(this.key));
    return back;
  }

  fill(element, name, value, checked, disabled) {
    for (const field of element.querySelectorAll(`[name="${name}"]`)) {
      if (field.type === "radio" || field.type === "checkbox") {
        if (field.value === value) field.checked = checked;
      } else {
        field.value = value;
        if (name.startsWith("r-")) field.disabled = disabled;
      }
    }
  }

  // The server knows by the opening that an earlier sending was this page's own; a later number is newer.
  goOnFrom(key) {
    const [opening, number] = key.split("-");
    this.form.elements.namedItem("form").value = `${opening}-${Number(number) + 5}`;
  }
}
