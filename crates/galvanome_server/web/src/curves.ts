// <gv-curves>: the curves of a dataset, alive. Charts against the time of one table show one part of it together, and so
// do those of spectra; cycles and spectra are chosen and compared; the address and the exports follow what is seen.

import { timeUnit } from "./curve_axis";
import { Chart, type Source } from "./curve_chart";
import { colourOf } from "./curve_colour";
import { Compared } from "./curve_compared";
import { Plane } from "./curve_plane";
import { Raster } from "./curve_raster";
import { View } from "./curve_view";

/** The charts of the main table against time: their view is the page's. */
const MAIN = "time:";
const FREQUENCY = "frequency";
/** Rows up to which a table of numbers has every one. */
const TABLE_ROWS = 4 * 8192;

/** What is seen of curves that are compared, when all is. */
const FITS: Record<string, Source["fits"]> = {
  charge: (_, most) => [0, most],
  dqdv: (least, most) => [least - 0.02 * (most - least), most + 0.02 * (most - least)],
  bode: (least, most) => [least - Math.max(0.02 * (most - least), 0.01), most + Math.max(0.02 * (most - least), 0.01)],
};

type Part = readonly (readonly [name: string, value: string])[];

class Curves extends HTMLElement {
  #charts: (Chart | Plane)[] = [];
  #views = new Map<string, View>();
  #cycles = new Compared(this, "cycles", () => this.#compared(this.#cycles, ["charge", "dqdv"]));
  #spectra = new Compared(this, "spectra", () => this.#compared(this.#spectra, ["nyquist", "bode"]));
  #shown = new Compared(this, "shown", () => {
    this.#compared(this.#shown, ["spectrum"], "spectra");
    this.#raster?.mark();
  });
  #raster: Raster | undefined;

  connectedCallback(): void {
    const address = new URLSearchParams(location.search);
    for (const host of this.querySelectorAll<HTMLElement>("gv-chart")) {
      const view = this.#viewOf(host, address);
      this.#charts.push(host.dataset["curve"] === "nyquist" ? this.#plane(host, view) : new Chart(host, view, this.#sourceOf(host)));
      host.addEventListener("chart-drawn", () => this.#tellRows(host));
    }
    const picture = this.querySelector<HTMLElement>("gv-raster");
    if (picture) {
      const view = this.#views.get(`spectrum:${picture.dataset["signal"]}`);
      this.#raster = new Raster(picture, this.dataset["pictures"] ?? "", view, this.#shown);
    }
    for (const chart of this.#charts) void chart.load();
    for (const [key, view] of this.#views) view.watch(() => this.#follow(key, view));
    const time = this.#views.get(MAIN);
    for (const button of this.querySelectorAll<HTMLButtonElement>("[data-zoom]")) {
      button.addEventListener("click", () => {
        if (button.dataset["zoom"] === "in") time?.zoom(0.5);
        else if (button.dataset["zoom"] === "out") time?.zoom(2);
        else time?.reset();
      });
    }
    for (const button of this.querySelectorAll<HTMLButtonElement>("[data-scale]")) {
      button.addEventListener("click", () => this.#rescale(button));
    }
    this.#offer();
    this.querySelector<HTMLSelectElement>(".also select")?.addEventListener("change", (event) => {
      const here = new URL(location.href);
      const { value } = event.target as HTMLSelectElement;
      if (value) here.searchParams.set("also", value);
      else here.searchParams.delete("also");
      location.assign(here);
    });
    document.addEventListener("theme-changed", () => {
      for (const chart of this.#charts) chart.recolour();
    });
  }

  /** Turns the vertical scale of the charts of a card logarithmic, or back. */
  #rescale(button: HTMLButtonElement): void {
    const isLog = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(isLog));
    const card = button.closest(".card");
    for (const chart of this.#charts) {
      if (!(chart instanceof Chart) || !card?.contains(chart.host)) continue;
      chart.host.dataset["log"] = isLog ? "y" : "";
      void chart.load();
    }
  }

  /** The view of a chart: shared by those of the same table, and by those of spectra. */
  #viewOf(host: HTMLElement, address: URLSearchParams): View {
    const { curve = "", table = "", span = "" } = host.dataset;
    const [from = 0, to = 1] = span.split(",").map(Number);
    const isSpectrum = curve === "nyquist" || curve === "bode";
    const key = isSpectrum ? FREQUENCY : curve === "time" || curve === "spectrum" ? `${curve}:${table}` : curve;
    const before = this.#views.get(key);
    if (before) return before;
    // Frequencies are looked at by their powers of ten.
    const on = isSpectrum ? Math.log10 : (value: number): number => value;
    const asked = isSpectrum ? (address.get("hertz") ?? "").split(",") : [address.get("from"), address.get("to")];
    const isTold = isSpectrum || key === MAIN;
    const numbers = isTold ? asked.map((text) => (text ? on(Number(text)) : NaN)) : [];
    const [begin = NaN, end = NaN] = numbers;
    const whole = [on(from), on(to)] as const;
    const first = Number.isFinite(begin) ? begin : whole[0];
    const last = Number.isFinite(end) ? end : whole[1];
    const view = first < last ? new View(whole, first, last) : new View(whole);
    this.#views.set(key, view);
    return view;
  }

  #address(curve: string, part: Part): URL {
    const url = new URL(`${this.dataset["source"]}/${curve}.bin`, location.href);
    for (const [name, value] of part) url.searchParams.set(name, value);
    return url;
  }

  #plane(host: HTMLElement, view: View): Plane {
    const spectra = (): readonly [string, string] => ["spectra", this.#spectra.numbers.join(",")];
    return new Plane(host, view, {
      addresses: () => [this.#address("nyquist", [spectra()]), this.#address("bode", [spectra(), ["columns", "absolute_impedance_ohm"]])],
      tone: (name) => this.#spectra.tone(name),
    });
  }

  #sourceOf(host: HTMLElement): Source {
    const { curve = "", columns = "", table = "" } = host.dataset;
    const compared = curve === "bode" ? this.#spectra : this.#cycles;
    if (curve === "charge" || curve === "dqdv" || curve === "bode") {
      const more: Part = curve === "bode" ? [["columns", columns]] : [];
      return {
        address: () => this.#address(curve, [[compared.name, compared.numbers.join(",")], ...more]),
        colour: (name) => compared.colour(host, name),
        fits: FITS[curve],
        ...(curve === "bode" ? { linked: FREQUENCY } : {}),
      };
    }
    const colour = (): string => colourOf(host, "--hue");
    if (curve === "spectrum") {
      // One of a series or map shows those that are chosen; the others have one spectrum each.
      const several = host.closest("#spectra-of") !== null;
      const spectra = (): string => (several ? this.#shown.numbers.join(",") : "1");
      return {
        address: () => this.#address(curve, [["signal", table], ["spectra", spectra()]]),
        colour: (name) => (several ? this.#shown.colour(host, name) : colourOf(host, "--hue")),
      };
    }
    if (curve === "profile") return { address: () => this.#address(curve, [["image", table]]), colour };
    if (curve !== "cycle") {
      const part: Part = table === "" ? [["columns", columns]] : [["table", table], ["columns", columns]];
      return { address: () => this.#address(curve, part), colour, linked: `time:${table}` };
    }
    return {
      address: () => this.#address(curve, []),
      colour,
      dots: (name) => ({ hollow: name.startsWith("charge") }),
      picked: (number) => this.#cycles.toggle(String(number)),
    };
  }

  /** Draws others of those that are compared. */
  #compared(compared: Compared, curves: string[], name = compared.name): void {
    for (const chart of this.#charts) {
      if (curves.includes(chart.host.dataset["curve"] ?? "")) void chart.load();
    }
    this.#export(curves, (query) => query.set(name, compared.numbers.join(",")));
  }

  /** Lets address, exports, buttons and the name of the axis follow what is seen. */
  #follow(key: string, view: View): void {
    const ends = key === FREQUENCY ? [10 ** view.from, 10 ** view.to] : [view.from, view.to];
    const set = (query: URLSearchParams): void => {
      ["from", "to"].forEach((name, place) => {
        if (view.isWhole) query.delete(name);
        else query.set(name, String(ends[place]));
      });
    };
    const [kind = "", of = ""] = key.split(":");
    this.#export(key === FREQUENCY ? ["nyquist", "bode"] : kind === "spectrum" ? [kind, of] : [key], set);
    if (key.startsWith("time:")) {
      const table = key.slice("time:".length);
      const named = this.querySelector(`[data-linked="${CSS.escape(table)}"] .chart-x`);
      const isTime = this.#charts.some(({ host }) => (host.dataset["table"] ?? "") === table && host.dataset["x"] === "time");
      if (named && isTime) named.textContent = `Test time / ${timeUnit(view.to - view.from).name}`;
    }
    if (key === MAIN) this.#offer();
    if (key !== MAIN && key !== FREQUENCY) return;
    // Browsers refuse to be told too often; the last one counts.
    clearTimeout(this.#telling.get(key));
    const tell = (): void => {
      const here = new URL(location.href);
      if (key === MAIN) set(here.searchParams);
      else if (view.isWhole) here.searchParams.delete("hertz");
      else here.searchParams.set("hertz", ends.join(","));
      history.replaceState(null, "", here);
    };
    this.#telling.set(key, setTimeout(tell, 200));
  }

  #telling = new Map<string, ReturnType<typeof setTimeout>>();

  #offer(): void {
    for (const button of this.querySelectorAll<HTMLButtonElement>("[data-zoom='out'], [data-zoom='reset']")) {
      button.disabled = this.#views.get(MAIN)?.isWhole ?? true;
    }
  }

  /** Says beside the export of numbers how many rows it stands for. */
  #tellRows(host: HTMLElement): void {
    const charts = host.closest<HTMLElement>("[data-linked]");
    const chart = this.#charts.find((one) => one.host === host);
    if (!charts || !(chart instanceof Chart)) return;
    const text = chart.rows <= TABLE_ROWS ? charts.dataset["every"] : charts.dataset["thinned"];
    const link = this.querySelector(`[data-export="${CSS.escape(`time:${charts.dataset["linked"]}`)}"] a span`);
    if (link && text) link.textContent = text.replace("{rows}", grouped(chart.rows));
  }

  #export(which: string[], set: (query: URLSearchParams) => void): void {
    for (const menu of this.querySelectorAll<HTMLElement>("[data-export]")) {
      if (!which.includes(menu.dataset["export"] ?? "")) continue;
      for (const link of menu.querySelectorAll("a")) {
        const address = new URL(link.href);
        set(address.searchParams);
        link.href = address.href;
      }
    }
  }
}

/** A count; from 10 000 on its digits stand in groups of three. */
function grouped(count: number): string {
  return count < 10_000 ? String(count) : count.toLocaleString("en").replaceAll(",", "\u202f");
}

export function defineCurves(): void {
  customElements.define("gv-curves", Curves);
}
