// Starts GOV.UK Frontend's components. Every page works without it.
import { initAll } from "../vendor/govuk-frontend-6.6.0/govuk-frontend.min.js";

initAll();

// Words kept in this browser until they are saved belong to whoever is signed in: they go when one signs out.
document.querySelector("form[action$='/sign-out']")?.addEventListener("submit", () => {
  try {
    const kept = Object.keys(localStorage).filter((key) => key.startsWith("at-typed|"));
    kept.forEach((key) => localStorage.removeItem(key));
    Object.keys(sessionStorage)
      .filter((key) => key.startsWith("at-unsent|"))
      .forEach((key) => sessionStorage.removeItem(key));
    localStorage.setItem("at-signed-out", String(Date.now())); // for this person's other tabs
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
});
