// Filters and order of the metaviews without a reload. Each choice is a link whose address says the same thing to the
// server; here the choice is applied in place, and the address follows so that it can be mailed.

import type { Filtered } from "./matrix";

const DEFAULTS: Record<string, string> = { state: "all", order: "published", facility: "", support: "", mode: "" };

function apply(view: Filtered, name: string, value: string): void {
  if (name === "order") view.sort(value === "depth" ? "depth" : "published");
  else view.dataset[name] = value;
}

/** The address with one thing changed. */
function changed(address: URL, name: string, value: string): URL {
  const next = new URL(address);
  if (value === DEFAULTS[name]) next.searchParams.delete(name);
  else next.searchParams.set(name, value);
  return next;
}

function relink(): void {
  const here = new URL(location.href);
  for (const link of document.querySelectorAll<HTMLAnchorElement>("[data-control] a")) {
    const name = link.closest<HTMLElement>("[data-control]")?.dataset["control"];
    if (name) link.href = changed(here, name, link.dataset["value"] ?? "").href;
  }
  for (const link of document.querySelectorAll<HTMLAnchorElement>(".comps a")) {
    link.search = here.search;
  }
}

export function serveControls(): void {
  const view = document.querySelector<Filtered>("gv-matrix, gv-field");
  if (!view) return;
  for (const control of document.querySelectorAll<HTMLElement>("[data-control]")) {
    const name = control.dataset["control"] ?? "";
    control.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      const link = event.target instanceof Element ? event.target.closest("a") : null;
      if (!link) return;
      event.preventDefault();
      for (const other of control.querySelectorAll("a")) other.removeAttribute("aria-current");
      link.setAttribute("aria-current", "true");
      const value = link.dataset["value"] ?? "";
      apply(view, name, value);
      history.replaceState(null, "", changed(new URL(location.href), name, value));
      relink();
    });
  }
}
