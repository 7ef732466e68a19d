// One chart: uPlot in place of the server's drawing, with data for what is looked at.

import uPlot from "uplot";

import { decades, digits, labels, powerLabel, roundValues, timeUnit } from "./curve_axis";
import { colourOf } from "./curve_colour";
import { type Curve, curvesOf } from "./curve_data";
import { serveHands } from "./curve_hands";
import type { View } from "./curve_view";

export interface Source {
  /** Address without the part of the axis and the width. */
  address(): URL;
  /** Colours of curves, by their names. */
  colour(name: string): string;
  /** Dots instead of lines. */
  dots?: (name: string) => { hollow: boolean };
  /** What is looked at when all is, from the least and the greatest value along the axis; that of the server when left out. */
  fits?: ((least: number, greatest: number) => readonly [number, number]) | undefined;
  /** Charts of the same word show together what is under the pointer. */
  linked?: string;
  /** A value of the horizontal axis was clicked. */
  picked?: (x: number) => void;
}

const SCALE = 52;
const TICKS: Record<string, number> = { time: 8, row: 8, cycle: 8, charge: 5, dqdv: 5, bode: 8 };

export class Chart {
  readonly host: HTMLElement;
  readonly view: View;
  #source: Source;
  #plot: uPlot | undefined;
  #asked: AbortController | undefined;
  #curves: Curve[] = [];
  #read = document.createElement("span");
  #ink = "";
  #rule = "";
  #edge = "";
  #width = 0;

  constructor(host: HTMLElement, view: View, source: Source) {
    this.host = host;
    this.view = view;
    this.#source = source;
    this.#read.className = "chart-read";
    host.closest("figure")?.querySelector("figcaption")?.append(this.#read);
    this.recolour();
    serveHands(this);
    view.watch(() => {
      this.#plot?.setScale("x", { min: view.from, max: view.to });
      void this.load();
    });
    new ResizeObserver(() => {
      if (this.host.clientWidth === this.#width) return;
      this.#width = this.host.clientWidth;
      this.#plot?.setSize({ width: this.#width, height: this.#height });
      void this.load();
    }).observe(host);
  }

  get #height(): number {
    return Number(this.host.dataset["height"]);
  }

  /** What one unit of a scale is worth. */
  #factor(name: "xFactor" | "yFactor"): number {
    return Number(this.host.dataset[name]) || 1;
  }

  /** Whether a scale is logarithmic: then what is drawn and what is looked at are powers of ten. */
  #isLog(scale: "x" | "y"): boolean {
    return (this.host.dataset["log"] ?? "").includes(scale);
  }

  /** How many rows the first curve stands for. */
  get rows(): number {
    return this.#curves[0]?.rows ?? 0;
  }

  get over(): HTMLElement | undefined {
    return this.#plot?.over;
  }

  recolour(): void {
    this.#ink = colourOf(this.host, "--ink-3");
    this.#rule = colourOf(this.host, "--rule");
    this.#edge = colourOf(this.host, "--rule-2");
    if (this.#plot) {
      this.#plot.destroy();
      this.#plot = undefined;
      this.#draw();
    }
  }

  /** Asks for what is looked at, and draws it; what is asked for meanwhile goes before. */
  async load(): Promise<void> {
    this.#asked?.abort();
    const asked = new AbortController();
    this.#asked = asked;
    const address = this.#source.address();
    if (!this.view.isWhole) {
      const on = (value: number): string => String(this.#isLog("x") ? 10 ** value : value);
      address.searchParams.set("from", on(this.view.from));
      address.searchParams.set("to", on(this.view.to));
    }
    const width = Math.max(16, Math.min(8192, Math.round(this.host.clientWidth - SCALE)));
    address.searchParams.set("width", String(width));
    try {
      const reply = await fetch(address, { signal: asked.signal });
      if (!reply.ok) return;
      const [x, y] = [this.#isLog("x"), this.#isLog("y")];
      this.#curves = curvesOf(await reply.arrayBuffer()).map((curve) => ({
        ...curve,
        x: x ? curve.x.map(Math.log10) : curve.x,
        y: y ? curve.y.map((value) => (value > 0 ? Math.log10(value) : NaN)) : curve.y,
      }));
    } catch {
      // The server is away, or something newer is asked for: what is drawn stays.
      return;
    }
    this.#fit();
    this.#draw();
    this.host.dispatchEvent(new CustomEvent("chart-drawn", { bubbles: true }));
  }

  /** Other curves may go further than those before. */
  #fit(): void {
    const { fits } = this.#source;
    if (!fits || !this.view.isWhole) return;
    let [least, greatest] = [Infinity, -Infinity];
    for (const { x } of this.#curves) {
      for (const value of x) {
        if (value < least) least = value;
        if (value > greatest) greatest = value;
      }
    }
    if (greatest > least) this.view.refit(fits(least, greatest));
  }

  #data(): uPlot.AlignedData {
    const tables = this.#curves.map((curve) => [curve.x, curve.y] as unknown as uPlot.AlignedData);
    const [first] = tables;
    if (!first) return [[]];
    if (tables.length === 1) return first;
    return uPlot.join(tables, tables.map(() => [0, 1]));
  }

  #draw(): void {
    const data = this.#data();
    const plot = this.#plot;
    if (plot && plot.series.length === this.#curves.length + 1 && !this.#source.dots) {
      plot.batch(() => {
        this.#curves.forEach((curve, index) => {
          const series = plot.series[index + 1];
          if (series) series.stroke = () => this.#source.colour(curve.name);
        });
        plot.setData(data, false);
        plot.setScale("x", { min: this.view.from, max: this.view.to });
      });
      return;
    }
    plot?.destroy();
    this.#width = this.host.clientWidth;
    this.#plot = new uPlot(this.#options(), data, this.host);
    this.host.classList.add("alive");
  }

  #options(): uPlot.Options {
    const { curve = "", x = "", label = "" } = this.host.dataset;
    const foot = this.#height - Number(this.host.querySelector(".chart-field .edge")?.getAttribute("y1") ?? this.#height);
    const hasFoot = foot > 10;
    const unit = (): number => (x === "time" ? timeUnit(this.view.to - this.view.from).seconds : this.#factor("xFactor"));
    const factor = this.#factor("yFactor");
    const font = `12px ${getComputedStyle(this.host).fontFamily}`;
    const grid = { stroke: () => this.#rule, width: 1 };
    return {
      width: this.#width,
      height: this.#height,
      padding: [0, 0, 0, 0],
      legend: { show: false },
      focus: { alpha: 1 },
      cursor: {
        drag: { x: true, y: false, setScale: false },
        points: { size: 6 },
        y: false,
        ...(this.#source.linked ? { sync: { key: this.#source.linked, scales: ["x", null] as [string, null] } } : {}),
      },
      scales: {
        x: { time: false, range: () => [this.view.from, this.view.to] },
        y: { range: (_, low, high) => roomFor(low, high) },
      },
      axes: [
        {
          size: foot,
          gap: 4,
          font,
          stroke: () => this.#ink,
          grid,
          ticks: { show: false },
          border: { show: true, stroke: () => this.#edge, width: 1 },
          splits: (_, __, from, to) => {
            const by = unit();
            const most = this.host.clientWidth < 500 ? 4 : (TICKS[curve] ?? 6);
            if (curve === "cycle") return roundValues(from, to, most).filter(Number.isInteger);
            return this.#isLog("x") ? decades(from, to, most) : roundValues(from / by, to / by, most).map((value) => value * by);
          },
          values: (plot, splits) => {
            const texts = this.#isLog("x") ? splits.map(powerLabel) : labels(splits.map((value) => value / unit()));
            const end = this.#width - SCALE - 12;
            return texts.map((text, at) => (hasFoot && plot.valToPos(splits[at] ?? 0, "x") < end ? text : ""));
          },
        },
        {
          size: SCALE,
          gap: 6,
          font,
          stroke: () => this.#ink,
          grid,
          ticks: { show: false },
          splits: (_, __, from, to) => {
            const most = this.#height < 140 ? 4 : 6;
            if (!this.#isLog("y")) return roundValues(from / factor, to / factor, most).map((value) => value * factor);
            return decades(from - Math.log10(factor), to - Math.log10(factor), most).map((value) => value + Math.log10(factor));
          },
          // A label at the very edge would be cut off.
          values: (plot, splits) => {
            const texts = this.#isLog("y") ? splits.map((value) => powerLabel(value - Math.log10(factor))) : labels(splits.map((value) => value / factor));
            return texts.map((text, at) => (plot.valToPos(splits[at] ?? 0, "y") > 6 ? text : ""));
          },
        },
      ],
      series: [{ label }, ...this.#curves.map((one) => this.#series(one))],
      hooks: {
        setSelect: [(plot) => this.#select(plot)],
        setCursor: [(plot) => this.#tell(plot)],
        ready: [(plot) => this.#listen(plot)],
      },
    };
  }

  #series(curve: Curve): uPlot.Series {
    const dots = this.#source.dots?.(curve.name);
    const stroke = (): string => this.#source.colour(curve.name);
    if (!dots) return { label: curve.name, stroke, width: 1.5, points: { show: false }, spanGaps: this.#curves.length > 1 };
    const paper = colourOf(this.host, "--surface");
    return {
      label: curve.name,
      stroke,
      width: 0,
      paths: () => null,
      points: { show: true, size: curve.x.length > 150 ? 3 : 6, width: 1.25, stroke, fill: dots.hollow ? paper : stroke() },
    };
  }

  #listen(plot: uPlot): void {
    plot.over.addEventListener("dblclick", () => this.view.reset());
    plot.over.addEventListener("click", () => {
      const { idx, left = -1 } = plot.cursor;
      if (left < 0 || idx === null || idx === undefined || plot.select.width > 2) return;
      const at = plot.data[0][idx];
      if (at !== undefined) this.#source.picked?.(at);
    });
  }

  #select(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width < 4) return;
    const [from, to] = [plot.posToVal(left, "x"), plot.posToVal(left + width, "x")];
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.view.show(from, to);
  }

  /** Says what is under the pointer. */
  #tell(plot: uPlot): void {
    const { idx, left = -1 } = plot.cursor;
    const at = idx === null || idx === undefined || left < 0 ? undefined : plot.data[0][idx];
    if (idx === null || idx === undefined || at === undefined) {
      this.#read.textContent = "";
      return;
    }
    const { x = "", unit = "" } = this.host.dataset;
    const span = timeUnit(this.view.to - this.view.from);
    const where = x === "time" ? `${digits(at / span.seconds, 6)} ${span.name}` : x === "cycle" ? `cycle ${at}` : x === "row" ? `row ${at}` : x === "frequency" ? `${digits(10 ** at, 4)} Hz` : digits(at / this.#factor("xFactor"), 5);
    const values = this.#curves.flatMap((curve, index) => {
      const value = plot.data[index + 1]?.[idx];
      if (value === null || value === undefined || !Number.isFinite(value)) return [];
      const name = this.#curves.length > 1 ? `${curve.name.replace(/^spectrum | capacity$| \|Z\|$| phase$/g, "")}${x === "frequency" ? ":" : ""} ` : "";
      const shown = this.#isLog("y") ? digits(10 ** value / this.#factor("yFactor"), 4) : digits(value / this.#factor("yFactor"), 6);
      return [`${name}${shown} ${unit}`];
    });
    this.#read.textContent = [where, ...values.slice(0, 3)].join(" · ");
  }
}

/** A range with some room above and below; one without extent gets one. */
function roomFor(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null || !Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  const extent = high > low ? high - low : Math.max(Math.abs(low), 1) * 0.1;
  return [low - 0.06 * extent, high + 0.06 * extent];
}
