// The button that turns the theme over. Turning back to the system's own theme forgets the choice.

type Theme = "light" | "dark";

const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");

function shown(): Theme {
  const chosen = root.dataset["theme"];
  if (chosen === "light" || chosen === "dark") return chosen;
  return system.matches ? "dark" : "light";
}

function keep(theme: Theme): void {
  const followsSystem = theme === (system.matches ? "dark" : "light");
  if (followsSystem) delete root.dataset["theme"];
  else root.dataset["theme"] = theme;
  // The server marks the next page with it.
  document.cookie = `theme=${theme}; path=/; samesite=lax; max-age=${followsSystem ? 0 : 31_536_000}`;
  // Drawings on a canvas take their colours from the page and are drawn again.
  document.dispatchEvent(new CustomEvent("theme-changed"));
}

export function offerTheme(): void {
  const button = document.querySelector<HTMLButtonElement>("[data-theme-switch]");
  if (!button) return;
  const say = (): void => {
    const other = shown() === "dark" ? "light" : "dark";
    button.setAttribute("aria-label", `Switch to the ${other} theme`);
    button.title = `Switch to the ${other} theme`;
  };
  button.addEventListener("click", () => {
    keep(shown() === "dark" ? "light" : "dark");
    say();
  });
  system.addEventListener("change", () => {
    say();
    document.dispatchEvent(new CustomEvent("theme-changed"));
  });
  say();
}
