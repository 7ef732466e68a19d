// Spectra in the complex plane: both axes have the same scale, so that a half circle is one. What frequencies are seen is
// shared with the charts against frequency.

import { digits, labels, roundValues } from "./curve_axis";
import { type Curve, curvesOf } from "./curve_data";
import { serveHands } from "./curve_hands";
import type { View } from "./curve_view";

export interface PlaneSource {
  /** Addresses of the points in the plane and of the same points against frequency, without the part that is seen. */
  addresses(): readonly [plane: URL, frequency: URL];
  /** Classes of the colours of spectra, by their names. */
  tone(name: string): string;
}

interface Point {
  spectrum: string;
  hertz: number;
  real: number;
  imaginary: number;
  left: number;
  top: number;
}

const SCALE = 52;
const FOOT = 22;
/** Points that are marked one by one, at most. */
const MOST_DOTS = 1500;
/** How near the pointer must be to a point, in pixels. */
const NEAR = 24;
const SVG = "http://www.w3.org/2000/svg";

function element(name: string, attributes: Record<string, string | number>, text = ""): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.textContent = text;
  return made;
}

export class Plane {
  readonly host: HTMLElement;
  readonly view: View;
  #source: PlaneSource;
  #asked: AbortController | undefined;
  #curves: { points: Curve; frequencies: Float64Array }[] = [];
  #points: Point[] = [];
  #drawing: SVGElement | undefined;
  #ring = element("circle", { class: "ring", r: 6, visibility: "hidden" });
  #read = document.createElement("span");
  #width = 0;

  constructor(host: HTMLElement, view: View, source: PlaneSource) {
    this.host = host;
    this.view = view;
    this.#source = source;
    this.#read.className = "chart-read";
    host.closest("figure")?.querySelector("figcaption")?.append(this.#read);
    serveHands({ host, view, over: undefined });
    view.watch(() => void this.load());
    new ResizeObserver(() => {
      if (host.clientWidth !== this.#width) this.#draw();
    }).observe(host);
    host.addEventListener("pointermove", (event) => this.#tell(event));
    host.addEventListener("pointerleave", () => this.#tell(undefined));
  }

  /** Its colours are the style sheet's own, which follow by themselves. */
  recolour(): void {}

  /** Asks for what is looked at, and draws it; what is asked for meanwhile goes before. */
  async load(): Promise<void> {
    this.#asked?.abort();
    const asked = new AbortController();
    this.#asked = asked;
    const addresses = this.#source.addresses();
    if (!this.view.isWhole) {
      for (const address of addresses) {
        address.searchParams.set("from", String(10 ** this.view.from));
        address.searchParams.set("to", String(10 ** this.view.to));
      }
    }
    try {
      const [plane, frequency] = await Promise.all(
        addresses.map(async (address) => {
          const reply = await fetch(address, { signal: asked.signal });
          return reply.ok ? curvesOf(await reply.arrayBuffer()) : undefined;
        }),
      );
      if (!plane || !frequency) return;
      this.#curves = plane.map((points, place) => ({ points, frequencies: frequency[place]?.x ?? new Float64Array() }));
    } catch {
      // The server is away, or something newer is asked for: what is drawn stays.
      return;
    }
    this.#draw();
  }

  #draw(): void {
    this.#width = this.host.clientWidth;
    const [wide, high] = [this.#width - SCALE, Number(this.host.dataset["height"]) - FOOT];
    if (this.#curves.length === 0 || wide < 40) return;
    const all = this.#curves.map(({ points }) => points);
    const [left, right] = ends(all.map(({ x }) => x));
    const [low, up] = ends(all.map(({ y }) => y));
    if (!(right >= left && up >= low)) return;
    const each = 1.12 * Math.max((right - left) / wide, (up - low) / high, 1e-15 * Math.max(Math.abs(right), Math.abs(up)), 1e-12);
    const [middle, centre] = [(left + right) / 2, (low + up) / 2];
    const atX = (value: number): number => SCALE + wide / 2 + (value - middle) / each;
    const atY = (value: number): number => high / 2 - (value - centre) / each;
    const drawing = element("svg", { class: "plane", width: this.#width, height: high + FOOT, "aria-hidden": "true" });
    const factor = Number(this.host.dataset["xFactor"]) || 1;
    const half = { x: (wide / 2) * each, y: (high / 2) * each };
    const across = roundValues((middle - half.x) / factor, (middle + half.x) / factor, wide < 450 ? 5 : 8);
    const down = roundValues((centre - half.y) / factor, (centre + half.y) / factor, 6);
    across.forEach((value, place) => {
      const x = atX(value * factor);
      drawing.append(element("line", { class: "grid", x1: x, x2: x, y1: 0, y2: high }));
      if (x < this.#width - 14) drawing.append(element("text", { class: "tick", x, y: high + 16, "text-anchor": "middle" }, labels(across)[place]));
    });
    down.forEach((value, place) => {
      const y = atY(value * factor);
      drawing.append(element("line", { class: "grid", x1: SCALE, x2: this.#width, y1: y, y2: y }));
      if (y > 6) drawing.append(element("text", { class: "tick", x: SCALE - 6, y: y + 4, "text-anchor": "end" }, labels(down)[place]));
    });
    const axis = atY(0);
    if (axis > 0 && axis < high) drawing.append(element("line", { class: "edge", x1: SCALE, x2: this.#width, y1: axis, y2: axis }));
    drawing.append(element("line", { class: "edge", x1: SCALE, x2: this.#width, y1: high, y2: high }));
    this.#points = [];
    const count = all.reduce((sum, { x }) => sum + x.length, 0);
    for (const { points, frequencies } of this.#curves) {
      const tone = this.#source.tone(points.name);
      const own = Array.from(points.x, (real, place): Point => {
        const imaginary = points.y[place] ?? NaN;
        return { spectrum: points.name, hertz: frequencies[place] ?? NaN, real, imaginary, left: atX(real), top: atY(imaginary) };
      });
      const path = own.map(({ left: x, top: y }, place) => `${place === 0 ? "M" : "L"}${x.toFixed(2)} ${y.toFixed(2)}`).join("");
      drawing.append(element("path", { class: `curve ${tone}`, d: path }));
      if (count <= MOST_DOTS) {
        const whole = decades(own);
        for (const point of own) {
          const r = whole.has(point) ? 3.5 : 1.75;
          drawing.append(element("circle", { cx: point.left.toFixed(2), cy: point.top.toFixed(2), r, class: tone }));
        }
      }
      this.#points.push(...own);
    }
    drawing.append(this.#ring);
    this.#ring.setAttribute("visibility", "hidden");
    this.#drawing?.remove();
    this.#drawing = drawing;
    this.host.append(drawing);
    this.host.classList.add("alive");
  }

  /** Says which point is next to the pointer. */
  #tell(event: PointerEvent | undefined): void {
    const field = this.host.getBoundingClientRect();
    let nearest: Point | undefined;
    let distance = NEAR;
    for (const point of event ? this.#points : []) {
      const away = Math.hypot(point.left - ((event?.clientX ?? 0) - field.left), point.top - ((event?.clientY ?? 0) - field.top));
      if (away < distance) [nearest, distance] = [point, away];
    }
    this.#ring.setAttribute("visibility", nearest ? "visible" : "hidden");
    if (!nearest) {
      this.#read.textContent = "";
      return;
    }
    this.#ring.setAttribute("cx", String(nearest.left));
    this.#ring.setAttribute("cy", String(nearest.top));
    const { unit = "" } = this.host.dataset;
    const factor = Number(this.host.dataset["xFactor"]) || 1;
    const sign = nearest.imaginary > 0 ? "\u2212" : "+";
    const parts = `${digits(nearest.real / factor, 4)} ${sign} ${digits(Math.abs(nearest.imaginary) / factor, 4)} i ${unit}`;
    this.#read.textContent = [nearest.spectrum, `${digits(nearest.hertz, 4)} Hz`, parts].join(" · ");
  }
}

function ends(all: Float64Array[]): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const values of all) {
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return [low, high];
}

/** The points of a spectrum that lie next to whole powers of ten of a hertz, and near them. */
function decades(points: Point[]): Set<Point> {
  const nearest = new Map<number, { point: Point; away: number }>();
  for (const point of points) {
    const at = Math.log10(point.hertz);
    const away = Math.abs(at - Math.round(at));
    const before = nearest.get(Math.round(at));
    if (Number.isFinite(at) && away < 0.12 && !(before && before.away <= away)) nearest.set(Math.round(at), { point, away });
  }
  return new Set([...nearest.values()].map(({ point }) => point));
}
