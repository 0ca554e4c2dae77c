// The list of findings: select a whole page, count what is ticked, mark the themes that every ticked one suggests.
// Without it the boxes work as they are.

const form = document.querySelector(".at-coding");

if (form) {
  const picks = [...form.querySelectorAll('input[name="finding"]')];
  const all = form.querySelector("#pick-all");
  const count = form.querySelector(".at-coding__count");
  const themes = [...form.querySelectorAll("[data-theme]")];

  const show = () => {
    const ticked = picks.filter((pick) => pick.checked);
    const hints = ticked.map((pick) => pick.dataset.suggests.split(" "));
    for (const theme of themes) {
      const suggested = hints.length > 0 && hints.every((hint) => hint.includes(theme.dataset.theme));
      theme.classList.toggle("at-themes__item--suggested", suggested);
    }
    all.checked = picks.length > 0 && ticked.length === picks.length;
    all.indeterminate = ticked.length > 0 && ticked.length < picks.length;
    count.textContent = ticked.length === 1 ? "1 finding ticked" : `${ticked.length} findings ticked`;
  };

  form.querySelector(".at-pick-all").hidden = false;
  all.addEventListener("change", () => {
    for (const pick of picks) {
      pick.checked = all.checked;
    }
    show();
  });
  form.addEventListener("change", (event) => {
    if (event.target.name === "finding") {
      show();
    }
  });
  show();
}
