// <gv-curves>: the curves of a dataset, alive. Charts against time show one part of it together; cycles are chosen and
// compared; the address and the exports follow what is seen.

import { timeUnit } from "./curve_axis";
import { Chart, colourOf } from "./curve_chart";
import { View } from "./curve_view";

const MOST_CYCLES = 12;
const RAMP = 6;

class Curves extends HTMLElement {
  #charts: Chart[] = [];
  #time: View | undefined;
  #cycles: string[] = [];

  connectedCallback(): void {
    const hosts = [...this.querySelectorAll<HTMLElement>("gv-chart")];
    const address = new URLSearchParams(location.search);
    this.#cycles = cyclesIn(this.querySelector<HTMLInputElement>(".choose input")?.value ?? "");
    for (const host of hosts) {
      const curve = host.dataset["curve"] ?? "";
      this.#charts.push(new Chart(host, this.#viewOf(host, curve, address), this.#sourceOf(host, curve)));
    }
    for (const chart of this.#charts) void chart.load();
    this.#time?.watch(() => this.#follow());
    for (const button of this.querySelectorAll<HTMLButtonElement>("[data-zoom]")) {
      button.addEventListener("click", () => {
        if (button.dataset["zoom"] === "in") this.#time?.zoom(0.5);
        else if (button.dataset["zoom"] === "out") this.#time?.zoom(2);
        else this.#time?.reset();
      });
    }
    this.#offer();
    this.querySelector<HTMLFormElement>(".choose")?.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#compare(cyclesIn(this.querySelector<HTMLInputElement>(".choose input")?.value ?? ""));
    });
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

  #viewOf(host: HTMLElement, curve: string, address: URLSearchParams): View {
    const [from = 0, to = 1] = (host.dataset["span"] ?? "").split(",").map(Number);
    if (curve !== "time") return new View([from, to]);
    if (!this.#time) {
      const asked = [address.get("from"), address.get("to")].map((text) => (text === null ? NaN : Number(text)));
      const [begin = NaN, end = NaN] = asked;
      const first = Number.isFinite(begin) ? begin : from;
      const last = Number.isFinite(end) ? end : to;
      this.#time = first < last ? new View([from, to], first, last) : new View([from, to]);
    }
    return this.#time;
  }

  #sourceOf(host: HTMLElement, curve: string): ConstructorParameters<typeof Chart>[2] {
    const address = (): URL => {
      const url = new URL(`${this.dataset["source"]}/${curve}.bin`, location.href);
      if (curve === "time") url.searchParams.set("columns", host.dataset["columns"] ?? "");
      if (curve === "charge" || curve === "dqdv") url.searchParams.set("cycles", this.#cycles.join(","));
      return url;
    };
    if (curve === "charge" || curve === "dqdv") {
      return { address, colour: (name) => colourOf(host, `--ramp-${this.#rampOf(name)}`) };
    }
    const colour = (): string => colourOf(host, "--hue");
    if (curve !== "cycle") return { address, colour };
    return {
      address,
      colour,
      dots: (name) => ({ hollow: name.startsWith("charge") }),
      picked: (number) => this.#toggle(String(number)),
    };
  }

  #rampOf(name: string): number {
    const place = this.#cycles.indexOf(name.split(" ")[1] ?? "");
    const last = this.#cycles.length - 1;
    return last < 1 ? RAMP : 1 + Math.floor((Math.max(place, 0) * (RAMP - 1)) / last);
  }

  #toggle(number: string): void {
    const others = this.#cycles.filter((one) => one !== number);
    if (others.length < this.#cycles.length) {
      if (others.length > 0) this.#compare(others);
      return;
    }
    const all = [...this.#cycles, number].sort((a, b) => Number(a) - Number(b));
    if (all.length <= MOST_CYCLES) this.#compare(all);
  }

  /** Compares other cycles, in place. */
  #compare(cycles: string[]): void {
    if (cycles.length === 0) return;
    this.#cycles = cycles.slice(0, MOST_CYCLES);
    const input = this.querySelector<HTMLInputElement>(".choose input");
    if (input) input.value = this.#cycles.join(", ");
    for (const chart of this.#charts) {
      const { curve } = chart.host.dataset;
      if (curve === "charge" || curve === "dqdv") void chart.load();
    }
    this.#legend();
    this.#export(["charge", "dqdv"], (query) => query.set("cycles", this.#cycles.join(",")));
    const here = new URL(location.href);
    here.searchParams.set("cycles", this.#cycles.join(","));
    history.replaceState(null, "", here);
  }

  #legend(): void {
    const legend = this.querySelector("[data-legend]");
    const pattern = legend?.querySelector("li");
    if (!legend || !pattern) return;
    legend.replaceChildren(
      ...this.#cycles.map((cycle) => {
        const line = pattern.cloneNode(true) as HTMLLIElement;
        line.querySelector("path")?.setAttribute("class", `curve r${this.#rampOf(`cycle ${cycle}`)}`);
        line.lastChild?.replaceWith(cycle);
        return line;
      }),
    );
  }

  /** Lets address, exports, buttons and the name of the axis follow the part of the time that is seen. */
  #follow(): void {
    const view = this.#time;
    if (!view) return;
    const set = (query: URLSearchParams): void => {
      for (const [name, value] of [["from", view.from], ["to", view.to]] as const) {
        if (view.isWhole) query.delete(name);
        else query.set(name, String(value));
      }
    };
    this.#export(["time"], set);
    this.#offer();
    const named = this.querySelector("[data-linked] .chart-x");
    const isTime = this.#charts[0]?.host.dataset["x"] === "time";
    if (named && isTime) named.textContent = `Test time / ${timeUnit(view.to - view.from).name}`;
    const here = new URL(location.href);
    set(here.searchParams);
    // Browsers refuse to be told too often; the last one counts.
    clearTimeout(this.#telling);
    this.#telling = setTimeout(() => history.replaceState(null, "", here), 200);
  }

  #telling: ReturnType<typeof setTimeout> | undefined;

  #offer(): void {
    for (const button of this.querySelectorAll<HTMLButtonElement>("[data-zoom='out'], [data-zoom='reset']")) {
      button.disabled = this.#time?.isWhole ?? true;
    }
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

function cyclesIn(text: string): string[] {
  const numbers = text.split(/[\s,;]+/).filter((one) => one !== "" && Number.isFinite(Number(one)));
  return [...new Set(numbers.map((one) => String(Number(one))))].slice(0, MOST_CYCLES);
}

export function defineCurves(): void {
  customElements.define("gv-curves", Curves);
}
