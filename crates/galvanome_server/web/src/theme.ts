// Runs before the first paint, so that nobody sees the other theme flash: marks that scripts run, and applies the
// theme that this browser keeps.

const root = document.documentElement;
root.classList.add("js");
try {
  const kept = localStorage.getItem("theme");
  if (kept === "light" || kept === "dark") root.dataset["theme"] = kept;
} catch {
  // Storage may be closed to us; the system's theme holds.
}
