// How many words a box has, below it, and when it nears what can be kept.
//
// What is seen changes with every word; a screen reader is told, after a pause, only when the box is nearly full.

const NEARLY = 0.9;
const PAUSE = 2000;

export class Words {
  constructor(form) {
    this.form = form;
    this.longest = Number(form.dataset.longest);
    this.said = form.querySelector("[data-words-said]");
    this.timer = 0;
    form.querySelectorAll("textarea").forEach((box) => this.count(box));
    form.addEventListener("input", (event) => {
      if (event.target.matches("textarea")) this.count(event.target, { typing: true });
    });
  }

  count(box, { typing = false } = {}) {
    if (box.matches(".govuk-js-character-count") || box.closest("[data-asked]")) return;
    const words = box.value.match(/\S+/g)?.length ?? 0;
    const length = box.value.trim().length;
    const full = length > this.longest * NEARLY;
    const room = this.longest - length;
    const limit = full ? ` ${room < 0 ? `${(-room).toLocaleString("en-GB")} characters too many` : `${room.toLocaleString("en-GB")} characters left`}.` : "";
    const line = this.lineOf(box);
    line.textContent = words ? `${words.toLocaleString("en-GB")} ${words === 1 ? "word" : "words"}${full ? "." : ""}${limit}` : "";
    line.classList.toggle("govuk-error-message", room < 0);
    if (!typing) return;
    clearTimeout(this.timer);
    if (full) this.timer = setTimeout(() => (this.said.textContent = limit.trim()), PAUSE);
    else this.said.textContent = "";
  }

  lineOf(box) {
    if (box.nextElementSibling?.matches(".at-words")) return box.nextElementSibling;
    const line = document.createElement("p");
    line.className = "govuk-hint at-words";
    line.setAttribute("aria-hidden", "true");
    box.after(line);
    return line;
  }
}
