// <gv-matrix>: the matrices of one component, side by side. The server has written every cell as a link; this adds
// the keyboard path, the cross-hair, filters and order without a reload, and the tabs of narrow screens.
//
// Keyboard: one tab stop for each matrix; arrows move between cells and across matrices, Home and End along the row,
// with Ctrl to the corners; Enter opens, as on any link.

interface Place {
  grid: number;
  row: number;
  column: number;
}

const KEYS: Record<string, [rows: number, columns: number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-5, 0],
  PageDown: [5, 0],
};

class Matrix extends HTMLElement {
  /** Focusable links by matrix, row (heads first, combined answers last) and column. */
  #grids: HTMLAnchorElement[][][] = [];
  #places = new Map<HTMLAnchorElement, Place>();
  #lit: Element[] = [];

  connectedCallback(): void {
    this.#index();
    for (const table of this.querySelectorAll<HTMLTableElement>("table[data-grid]")) {
      table.setAttribute("role", "grid");
    }
    for (const grid of this.#grids) {
      for (const link of grid.flat()) link.tabIndex = -1;
      const first = grid[1]?.[0] ?? grid[0]?.[0];
      if (first) first.tabIndex = 0;
    }
    this.addEventListener("keydown", (event) => this.#onKey(event));
    this.addEventListener("focusin", (event) => this.#onFocus(event));
    this.addEventListener("focusout", () => this.#light(undefined));
    this.addEventListener("pointerover", (event) => this.#light(this.#linkOf(event.target)));
    this.addEventListener("pointerleave", () => this.#light(undefined));
    this.#tabs();
  }

  #index(): void {
    this.#grids = [];
    this.#places.clear();
    for (const table of this.querySelectorAll<HTMLTableElement>("table[data-grid]")) {
      const rows: HTMLAnchorElement[][] = [];
      for (const tr of table.rows) rows.push([...tr.querySelectorAll("a")]);
      const grid = this.#grids.length;
      rows.forEach((links, row) => links.forEach((link, column) => this.#places.set(link, { grid, row, column })));
      this.#grids.push(rows);
    }
  }

  #linkOf(target: EventTarget | null): HTMLAnchorElement | undefined {
    const link = target instanceof Element ? target.closest("a") : null;
    return link && this.#places.has(link) ? link : undefined;
  }

  #at(place: Place): HTMLAnchorElement | undefined {
    return this.#grids[place.grid]?.[place.row]?.[place.column];
  }

  #onKey(event: KeyboardEvent): void {
    const from = this.#linkOf(event.target);
    const place = from && this.#places.get(from);
    if (!place || event.altKey || event.metaKey) return;
    const to = this.#target(event, place);
    if (!to) return;
    event.preventDefault();
    to.focus();
    to.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  #target(event: KeyboardEvent, from: Place): HTMLAnchorElement | undefined {
    const grid = this.#grids[from.grid] ?? [];
    const row = grid[from.row] ?? [];
    if (event.key === "Home" || event.key === "End") {
      const line = event.ctrlKey ? (event.key === "Home" ? (grid[1] ?? []) : (grid.at(-2) ?? [])) : row;
      return event.key === "Home" ? line[0] : line.at(-1);
    }
    const step = KEYS[event.key];
    if (!step || event.ctrlKey) return undefined;
    const [rows, columns] = step;
    if (rows !== 0) {
      // Not every line is a line of links: the head of the global view is text.
      let to = Math.min(Math.max(from.row + rows, 0), grid.length - 1);
      while (to > 0 && to < grid.length - 1 && !grid[to]?.length) to += Math.sign(rows);
      return grid[to]?.[from.column];
    }
    const beside = this.#at({ ...from, column: from.column + columns });
    if (beside) return beside;
    for (let next = from.grid + columns; this.#grids[next]; next += columns) {
      const line = this.#grids[next]?.[from.row];
      const link = columns > 0 ? line?.[0] : line?.at(-1);
      if (link) return link;
    }
    return undefined;
  }

  #onFocus(event: FocusEvent): void {
    const link = this.#linkOf(event.target);
    const place = link && this.#places.get(link);
    if (!link || !place) return;
    for (const other of (this.#grids[place.grid] ?? []).flat()) other.tabIndex = other === link ? 0 : -1;
    this.#light(link);
  }

  /** The cross-hair: the cell's row in every matrix, its column in its own. */
  #light(link: HTMLAnchorElement | undefined): void {
    for (const element of this.#lit) element.classList.remove("hov");
    this.#lit = [];
    const cell = link?.closest("td, th");
    const tr = cell?.closest("tr");
    const table = tr?.closest("table");
    if (!(cell instanceof HTMLTableCellElement) || !tr || !table) return;
    const body = tr.parentElement;
    if (body instanceof HTMLTableSectionElement && body.tagName === "TBODY") {
      for (const other of this.querySelectorAll("tbody")) {
        const line = other.rows[tr.sectionRowIndex];
        if (line) this.#lit.push(line);
      }
    }
    if (!cell.classList.contains("g")) {
      for (const line of table.rows) {
        const crossed = line.cells[cell.cellIndex];
        if (crossed) this.#lit.push(crossed);
      }
    }
    for (const element of this.#lit) element.classList.add("hov");
  }

  /** Puts the rows in an order; every matrix at once. Rows glide to their places unless motion is unwelcome. */
  sort(by: "published" | "depth"): void {
    const key = by === "depth" ? "d" : "o";
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    for (const body of this.querySelectorAll("tbody")) {
      const rows = [...body.rows];
      const before = new Map(rows.map((row) => [row, row.offsetTop]));
      rows.sort((a, b) => Number(a.dataset[key]) - Number(b.dataset[key]));
      body.append(...rows);
      if (still) continue;
      for (const row of rows) {
        const moved = (before.get(row) ?? 0) - row.offsetTop;
        if (moved !== 0) {
          row.animate([{ transform: `translateY(${moved}px)` }, { transform: "none" }], {
            duration: 260,
            easing: "cubic-bezier(.2,.7,.2,1)",
          });
        }
      }
    }
    this.#index();
  }

  #tabs(): void {
    const links = [...document.querySelectorAll<HTMLAnchorElement>(".tabs a")];
    const panels = links.map((link) => document.getElementById(link.hash.slice(1)));
    const names = this.querySelector<HTMLElement>(".names");
    if (!names) return;
    links.forEach((link, at) => {
      link.addEventListener("click", (event) => {
        const panel = panels[at];
        if (!panel) return;
        event.preventDefault();
        this.scrollTo({ left: panel.offsetLeft - names.offsetWidth });
      });
    });
    const mark = (): void => {
      const left = this.scrollLeft + names.offsetWidth;
      const gaps = panels.map((panel) => Math.abs((panel?.offsetLeft ?? 0) - left));
      const nearest = gaps.indexOf(Math.min(...gaps));
      links.forEach((link, at) => {
        if (at === nearest) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      });
    };
    this.addEventListener("scroll", mark, { passive: true });
    addEventListener("resize", mark, { passive: true });
    mark();
  }
}

/** What both drawings of the metaviews, cells and canvas, take from the controls above them. */
export interface Filtered extends HTMLElement {
  sort(by: "published" | "depth"): void;
}

export function defineMatrix(): void {
  customElements.define("gv-matrix", Matrix);
}
