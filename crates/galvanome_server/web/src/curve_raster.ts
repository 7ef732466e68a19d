// <gv-raster>: the picture of a series or map of spectra. A click or the arrow keys choose the spectrum that is shown beside
// it; what is seen of the spectra colours the picture.

import type { Compared } from "./curve_compared";
import { digits } from "./curve_axis";
import type { View } from "./curve_view";

interface MapInNumbers {
  width: number;
  height: number;
  x_m: [number, number];
  y_m: [number, number];
  values: (number | null)[];
  spectra: (number | null)[];
}

export class Raster {
  #host: HTMLElement;
  #field: HTMLElement;
  #image: HTMLImageElement;
  #read: HTMLElement | null;
  #pictures: string;
  #view: View | undefined;
  #shown: Compared;
  #map: MapInNumbers | undefined;
  #marks: HTMLElement[] = [];
  #later: ReturnType<typeof setTimeout> | undefined;

  constructor(host: HTMLElement, pictures: string, view: View | undefined, shown: Compared) {
    this.#host = host;
    this.#pictures = pictures;
    this.#view = view;
    this.#shown = shown;
    const field = host.querySelector<HTMLElement>(".raster-field");
    const image = host.querySelector("img");
    if (!field || !image) throw new Error("a raster without a picture");
    this.#field = field;
    this.#image = image;
    this.#read = host.querySelector(".raster-read");
    field.tabIndex = 0;
    field.setAttribute("role", "group");
    field.setAttribute("aria-label", `${host.dataset["label"] ?? ""}. Arrow keys choose another spectrum.`);
    field.addEventListener("click", (event) => void this.#pick(event));
    field.addEventListener("pointermove", (event) => void this.#tell(event));
    field.addEventListener("pointerleave", () => this.#say(""));
    field.addEventListener("keydown", (event) => void this.#key(event));
    view?.watch(() => {
      clearTimeout(this.#later);
      this.#later = setTimeout(() => this.#recolour(), 150);
    });
    this.mark();
  }

  get #isMap(): boolean {
    return this.#host.dataset["kind"] === "map";
  }

  get #count(): number {
    return Number(this.#host.dataset["spectra"]) || 1;
  }

  #address(name: string): URL {
    const url = new URL(`${this.#pictures}/${name}`, location.href);
    url.searchParams.set("signal", this.#host.dataset["signal"] ?? "0");
    const view = this.#view;
    if (view && !view.isWhole) {
      url.searchParams.set("from", String(view.from));
      url.searchParams.set("to", String(view.to));
    }
    return url;
  }

  /** Colours by what is seen of the spectra; the picture before stays until the new one is there. */
  #recolour(): void {
    this.#map = undefined;
    const url = this.#address(this.#isMap ? "map.png" : "stack.png");
    if (!this.#isMap) {
      url.searchParams.set("width", "1200");
      url.searchParams.set("height", "360");
    }
    const next = new Image();
    next.onload = () => (this.#image.src = next.src);
    next.src = url.href;
  }

  async #numbers(): Promise<MapInNumbers | undefined> {
    if (!this.#map) {
      const reply = await fetch(this.#address("map.json")).catch(() => undefined);
      if (reply?.ok) this.#map = (await reply.json()) as MapInNumbers;
    }
    return this.#map;
  }

  #share(event: MouseEvent): [number, number] {
    const box = this.#field.getBoundingClientRect();
    const clamp = (value: number): number => Math.min(Math.max(value, 0), 0.999999);
    return [clamp((event.clientX - box.left) / box.width), clamp((event.clientY - box.top) / box.height)];
  }

  /** The number of the spectrum at a place of the picture. */
  async #at([across, down]: [number, number]): Promise<number | undefined> {
    if (!this.#isMap) return Math.floor(down * this.#count) + 1;
    const map = await this.#numbers();
    if (!map) return undefined;
    return map.spectra[Math.floor(down * map.height) * map.width + Math.floor(across * map.width)] ?? undefined;
  }

  async #pick(event: MouseEvent): Promise<void> {
    const number = await this.#at(this.#share(event));
    if (number === undefined) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey) this.#shown.toggle(String(number));
    else this.#shown.show([String(number)]);
  }

  async #key(event: KeyboardEvent): Promise<void> {
    const steps: Record<string, [number, number]> = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
    const step = steps[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const from = Number(this.#shown.numbers.at(-1) ?? 1);
    if (!this.#isMap) {
      const next = Math.min(Math.max(from + step[0] + step[1], 1), this.#count);
      this.#shown.show([String(next)]);
      return;
    }
    const map = await this.#numbers();
    const place = map?.spectra.indexOf(from) ?? -1;
    if (!map || place < 0) return;
    const [x, y] = [(place % map.width) + step[0], Math.floor(place / map.width) + step[1]];
    const next = x >= 0 && x < map.width && y >= 0 && y < map.height ? map.spectra[y * map.width + x] : null;
    if (next) this.#shown.show([String(next)]);
  }

  async #tell(event: PointerEvent): Promise<void> {
    const share = this.#share(event);
    const number = await this.#at(share);
    if (number === undefined) {
      this.#say("");
      return;
    }
    const map = this.#map;
    if (!map) {
      this.#say(`spectrum ${number}`);
      return;
    }
    const [column, row] = [Math.floor(share[0] * map.width), Math.floor(share[1] * map.height)];
    const value = map.values[row * map.width + column];
    const on = ([low, high]: [number, number], at: number, count: number): string =>
      digits((low + ((high - low) * at) / Math.max(count - 1, 1)) * 1e6, 5);
    const place = `x ${on(map.x_m, column, map.width)} µm, y ${on(map.y_m, row, map.height)} µm`;
    this.#say([`spectrum ${number}`, place, ...(typeof value === "number" ? [`mean ${digits(value, 5)}`] : [])].join(" · "));
  }

  #say(text: string): void {
    if (this.#read) this.#read.textContent = text;
  }

  /** Marks where the spectra that are shown lie. */
  mark(): void {
    for (const mark of this.#marks) mark.remove();
    this.#marks = [];
    if (this.#isMap) {
      void this.#numbers().then((map) => map && this.#place(map));
      return;
    }
    for (const number of this.#shown.numbers) {
      const mark = this.#mark("line", number);
      mark.style.top = `${(100 * (Number(number) - 0.5)) / this.#count}%`;
    }
  }

  #place(map: MapInNumbers): void {
    for (const mark of this.#marks) mark.remove();
    this.#marks = [];
    for (const number of this.#shown.numbers) {
      const place = map.spectra.indexOf(Number(number));
      if (place < 0) continue;
      const mark = this.#mark("box", number);
      mark.style.left = `${(100 * (place % map.width)) / map.width}%`;
      mark.style.top = `${(100 * Math.floor(place / map.width)) / map.height}%`;
      mark.style.width = `${100 / map.width}%`;
      mark.style.height = `${100 / map.height}%`;
    }
  }

  #mark(kind: string, number: string): HTMLElement {
    const mark = document.createElement("span");
    mark.className = `mark ${kind} ${this.#shown.tone(`spectrum ${number}`)}`;
    mark.setAttribute("aria-hidden", "true");
    this.#field.append(mark);
    this.#marks.push(mark);
    return mark;
  }
}
