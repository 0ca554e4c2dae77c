// Puts a box into the head of a table with data-tick-all that ticks every box of its rows.
for (const table of document.querySelectorAll("table[data-tick-all]")) {
  const boxes = [...table.querySelectorAll("tbody input[type=checkbox]")];
  const place = table.querySelector("thead td");
  if (boxes.length > 1 && place) {
    const all = document.createElement("input");
    all.type = "checkbox";
    all.setAttribute("aria-label", table.dataset.tickAll);
    place.replaceChildren(all);
    const show = () => {
      const ticked = boxes.filter((box) => box.checked).length;
      all.checked = ticked === boxes.length;
      all.indeterminate = ticked > 0 && !all.checked;
    };
    all.addEventListener("change", () => {
      for (const box of boxes) box.checked = all.checked;
    });
    for (const box of boxes) box.addEventListener("change", show);
    show();
  }
}
