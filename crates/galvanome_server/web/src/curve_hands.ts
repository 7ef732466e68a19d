// Keys, wheel and fingers on a chart.

import type { View } from "./curve_view";

/** What hands are laid on: the element, the part of the axis that it shows, and its field once that is drawn. */
export interface Handled {
  readonly host: HTMLElement;
  readonly view: View;
  readonly over: HTMLElement | undefined;
}

const KEYS: Record<string, (chart: Handled) => void> = {
  ArrowLeft: ({ view }) => view.pan(-0.15),
  ArrowRight: ({ view }) => view.pan(0.15),
  PageUp: ({ view }) => view.pan(-0.9),
  PageDown: ({ view }) => view.pan(0.9),
  "+": ({ view }) => view.zoom(0.5),
  "=": ({ view }) => view.zoom(0.5),
  "-": ({ view }) => view.zoom(2),
  "0": ({ view }) => view.reset(),
  Home: ({ view }) => view.show(view.whole[0], view.whole[0] + view.to - view.from),
  End: ({ view }) => view.show(view.whole[1] - (view.to - view.from), view.whole[1]),
};

export function serveHands(chart: Handled): void {
  const { host, view } = chart;
  host.tabIndex = 0;
  host.setAttribute("role", "group");
  host.setAttribute("aria-label", `${host.dataset["label"] ?? ""}. Arrow keys move, plus and minus zoom, 0 shows all.`);
  host.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const act = KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act(chart);
  });
  // A bare wheel scrolls the page.
  host.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      view.zoom(Math.exp(event.deltaY * 0.004), shareAt(chart, event.clientX));
    },
    { passive: false },
  );
  serveFingers(chart);
}

function shareAt(chart: Handled, x: number): number {
  const field = (chart.over ?? chart.host).getBoundingClientRect();
  return Math.min(Math.max((x - field.left) / field.width, 0), 1);
}

/** One finger moves what is seen, two fingers zoom it; up and down stay with the page. */
function serveFingers(chart: Handled): void {
  const { host, view } = chart;
  const fingers = new Map<number, number>();
  let begun: { from: number; to: number; places: number[] } | undefined;
  const begin = (): void => {
    begun = { from: view.from, to: view.to, places: [...fingers.values()] };
  };
  host.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "touch") return;
    fingers.set(event.pointerId, shareAt(chart, event.clientX));
    begin();
  });
  host.addEventListener("pointermove", (event) => {
    if (!begun || !fingers.has(event.pointerId)) return;
    fingers.set(event.pointerId, shareAt(chart, event.clientX));
    const places = [...fingers.values()];
    const extent = begun.to - begun.from;
    const [a = 0, b] = begun.places;
    const [c = 0, d] = places;
    if (b === undefined || d === undefined) {
      view.show(begun.from + (a - c) * extent, begun.to + (a - c) * extent);
      return;
    }
    const apart = Math.max(Math.abs(d - c), 0.02);
    const wide = (extent * Math.max(Math.abs(b - a), 0.02)) / apart;
    // What was between the fingers stays between them.
    const middle = begun.from + ((a + b) / 2) * extent;
    view.show(middle - ((c + d) / 2) * wide, middle + (1 - (c + d) / 2) * wide);
  });
  for (const end of ["pointerup", "pointercancel", "pointerleave"] as const) {
    host.addEventListener(end, (event) => {
      fingers.delete(event.pointerId);
      if (fingers.size > 0) begin();
      else begun = undefined;
    });
  }
}
