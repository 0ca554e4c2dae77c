// Keeps a job's progress up to date without loading the page again. Without it the page refreshes itself.
const EVERY = 2000;
const PATIENT = 15000;

async function latest() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin" });
  if (!answer.ok || answer.redirected) throw new Error("no page");
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

async function look() {
  const shown = document.getElementById("job");
  let wait = EVERY;
  try {
    const fresh = (await latest()).getElementById("job");
    if (fresh.dataset.goesOn !== "yes") {
      location.reload(); // over: the whole page, so that its links and buttons work as on any other
      return;
    }
    const [status, progress] = [shown.querySelector("[role=status]"), shown.querySelector("progress")];
    const said = fresh.querySelector("[role=status]").textContent;
    if (status.textContent !== said) status.textContent = said;
    const now = fresh.querySelector("progress");
    progress.max = now.max;
    progress.value = now.value;
    progress.textContent = now.textContent;
    if (!fresh.querySelector("form")) shown.querySelector("form")?.remove();
  } catch {
    wait = PATIENT; // signed out, or no connection: the page still shows the last that was known
  }
  setTimeout(look, wait);
}

setTimeout(look, EVERY);
