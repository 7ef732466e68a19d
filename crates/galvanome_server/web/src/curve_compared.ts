// Some of several that are compared, cycles or spectra: a form that names them, a legend, and colours from the first to
// the last. The address follows.

import { colourOf } from "./curve_colour";

const MOST = 12;
const RAMP = 6;

export class Compared {
  readonly name: string;
  numbers: string[];
  #root: HTMLElement;
  #said: string[];
  #changed: () => void;

  /** `name` is that of the field in the form, and of the part of the address. */
  constructor(root: HTMLElement, name: string, changed: () => void) {
    this.#root = root;
    this.name = name;
    this.#changed = changed;
    this.#said = (root.querySelector<HTMLElement>(`#${name}`)?.dataset["said"] ?? "").split("\n");
    const input = this.#input;
    const shown = [...(this.#legend?.querySelectorAll("li") ?? [])].map((line) => line.textContent?.trim().split(/\s/)[0] ?? "");
    this.numbers = input ? numbersIn(input.value) : shown;
    input?.form?.addEventListener("submit", (event) => {
      event.preventDefault();
      this.show(numbersIn(input.value));
    });
  }

  get #input(): HTMLInputElement | null {
    return this.#root.querySelector<HTMLInputElement>(`.choose input[name=${this.name}]`);
  }

  get #legend(): HTMLElement | null {
    return this.#root.querySelector<HTMLElement>(`[data-legend=${this.name}]`);
  }

  /** The place on the ramp of one of them. */
  #rampOf(number: string): number {
    const place = this.numbers.indexOf(number);
    const last = this.numbers.length - 1;
    return last < 1 ? RAMP : 1 + Math.floor((Math.max(place, 0) * (RAMP - 1)) / last);
  }

  /** The colour of a curve: `cycle 3 charge`, `spectrum 2 phase`. */
  colour(host: Element, curve: string): string {
    return colourOf(host, `--ramp-${this.#rampOf(curve.split(" ")[1] ?? "")}`);
  }

  /** The class of that colour. */
  tone(curve: string): string {
    return `r${this.#rampOf(curve.split(" ")[1] ?? "")}`;
  }

  /** Takes one more in, or one out; the last one stays. */
  toggle(number: string): void {
    const others = this.numbers.filter((one) => one !== number);
    if (others.length < this.numbers.length) {
      if (others.length > 0) this.show(others);
      return;
    }
    const all = [...this.numbers, number].sort((a, b) => Number(a) - Number(b));
    if (all.length <= MOST) this.show(all);
  }

  /** Compares others, in place. */
  show(numbers: string[]): void {
    if (numbers.length === 0) return;
    this.numbers = numbers.slice(0, MOST);
    if (this.#input) this.#input.value = this.numbers.join(", ");
    this.#tell();
    this.#changed();
    const here = new URL(location.href);
    here.searchParams.set(this.name, this.numbers.join(","));
    history.replaceState(null, "", here);
  }

  #tell(): void {
    const legend = this.#legend;
    const pattern = legend?.querySelector("li");
    if (!legend || !pattern) return;
    legend.replaceChildren(
      ...this.numbers.map((number) => {
        const line = pattern.cloneNode(true) as HTMLLIElement;
        line.querySelector("path")?.setAttribute("class", `curve r${this.#rampOf(number)}`);
        const text = document.createElement("span");
        text.append(number);
        const said = this.#said[Number(number) - 1];
        if (said) {
          const quiet = document.createElement("span");
          quiet.className = "q";
          quiet.textContent = said;
          text.append(" ", quiet);
        }
        line.lastElementChild?.replaceWith(text);
        return line;
      }),
    );
  }
}

function numbersIn(text: string): string[] {
  const numbers = text.split(/[\s,;]+/).filter((one) => one !== "" && Number.isFinite(Number(one)));
  return [...new Set(numbers.map((one) => String(Number(one))))].slice(0, MOST);
}
