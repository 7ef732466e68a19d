// <gv-field>: the metaviews of a component with more cells than a page should hold, drawn on a canvas. The cell under
// the pointer or the keyboard is a real link that lies over the drawing, so that it opens, is focused and is read like
// any other; behind the field stand tables, some rows at a time.

import { type Cells, type Filters, layoutOf, type Layout, leftOf, lookAt, shownRows, type Spot } from "./field_data";
import { inkOf, Painter, type Scene } from "./field_paint";
import type { Tip } from "./tip";

const KEYS: Record<string, [rows: number, columns: number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-10, 0],
  PageDown: [10, 0],
};

class Field extends HTMLElement {
  static observedAttributes = ["data-state", "data-facility", "data-support", "data-mode"];

  #cells: Cells | undefined;
  #scene: Scene | undefined;
  #painter = new Painter();
  #scroller = document.createElement("div");
  #extent = document.createElement("div");
  #canvas = document.createElement("canvas");
  #cursor = document.createElement("a");
  #spoken = document.createElement("p");
  #spot: Spot = { row: 0, question: 0, column: 0 };
  #order = new URLSearchParams(location.search).get("order") ?? "published";
  #waiting = false;

  connectedCallback(): void {
    void this.#load();
  }

  attributeChangedCallback(): void {
    if (this.#cells) this.#arrange();
  }

  sort(by: "published" | "depth"): void {
    this.#order = by;
    if (this.#cells) this.#arrange();
  }

  async #load(): Promise<void> {
    const reply = await fetch(this.dataset["cells"] ?? "").catch(() => undefined);
    // Without cells the page keeps what the server wrote: the way to the tables.
    if (!reply?.ok) return;
    this.#cells = (await reply.json()) as Cells;
    const address = new URLSearchParams(location.search);
    for (const name of ["state", "facility", "support", "mode"]) {
      const value = address.get(name);
      if (value) this.dataset[name] = value;
    }
    this.#build();
    this.#arrange();
  }

  #build(): void {
    const hint = document.createElement("p");
    hint.className = "s q field-hint";
    const tables = document.createElement("a");
    tables.href = this.dataset["table"] ?? "";
    tables.textContent = "read as tables";
    hint.append("Scroll, or move with the arrow keys; Enter opens a pixel. Or ", tables, ".");
    this.#scroller.className = "scroller";
    this.#extent.className = "extent";
    this.#cursor.className = "cursor";
    this.#canvas.setAttribute("aria-hidden", "true");
    this.#spoken.className = "sr";
    this.#spoken.setAttribute("aria-live", "polite");
    this.#extent.append(this.#canvas, this.#cursor);
    this.#scroller.append(this.#extent);
    this.replaceChildren(hint, this.#scroller, this.#spoken);
    this.#scroller.addEventListener("scroll", () => this.#redraw(), { passive: true });
    this.#scroller.addEventListener("pointermove", (event) => this.#onPointer(event));
    // A finger has no hover: it puts the link where it touches, and opens with a second touch.
    this.#scroller.addEventListener("click", (event) => {
      if (event.target !== this.#cursor) this.#onPointer(event as PointerEvent);
    });
    this.#scroller.addEventListener("pointerleave", () => this.#tip()?.closeSoon());
    this.#cursor.addEventListener("keydown", (event) => this.#onKey(event));
    this.#cursor.addEventListener("focus", () => this.#go(this.#spot, true));
    new ResizeObserver(() => this.#arrange()).observe(this);
    document.addEventListener("theme-changed", () => {
      this.#painter.forget();
      this.#arrange();
    });
  }

  #tip(): Tip | null {
    return document.querySelector<Tip>("gv-tip");
  }

  #filters(): Filters {
    const { state = "all", facility = "", support = "", mode = "" } = this.dataset;
    return { state, facility, support, mode, order: this.#order };
  }

  /** Works out rows and sizes, then draws. */
  #arrange(): void {
    const cells = this.#cells;
    if (!cells) return;
    const filters = this.#filters();
    const rows = shownRows(cells, filters);
    const layout = layoutOf(cells, rows.length, this.clientWidth);
    const address = new URLSearchParams(location.search);
    this.#scene = {
      cells,
      layout,
      rows,
      ink: inkOf(this),
      state: filters.state,
      lit: { row: -1, question: -1, column: -1 },
      pinned: {
        row: cells.rows.findIndex((row) => row.id === address.get("row")),
        column: cells.columns.findIndex((column) => column.id === address.get("column")),
      },
    };
    this.#extent.style.width = `${layout.width}px`;
    this.#extent.style.height = `${layout.height}px`;
    // The field ends where the window does, so that names, heads and combined answers are all in sight.
    const above = this.#scroller.getBoundingClientRect().top + scrollY;
    const room = Math.max(420, innerHeight - above - 20);
    this.#scroller.style.height = `${Math.min(layout.height + 16, room)}px`;
    this.#spot = { ...this.#spot, row: Math.min(this.#spot.row, rows.length - 1) };
    this.#move(this.#spot);
    this.#redraw();
  }

  #redraw(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    requestAnimationFrame(() => {
      this.#waiting = false;
      this.#draw();
    });
  }

  #draw(): void {
    const scene = this.#scene;
    const context = this.#canvas.getContext("2d", { alpha: false });
    if (!scene || !context) return;
    const { clientWidth: width, clientHeight: height, scrollLeft: x, scrollTop: y } = this.#scroller;
    const scale = devicePixelRatio;
    if (this.#canvas.width !== Math.round(width * scale) || this.#canvas.height !== Math.round(height * scale)) {
      this.#canvas.width = Math.round(width * scale);
      this.#canvas.height = Math.round(height * scale);
      this.#canvas.style.width = `${width}px`;
      this.#canvas.style.height = `${height}px`;
      this.#painter.forget();
    }
    this.#painter.paint(context, scene, { x, y, width, height }, scale);
    this.#hideCursorBehindEdges(scene.layout);
  }

  /** Names, heads and combined answers lie over the cells; the link does not shine through them. */
  #hideCursorBehindEdges(layout: Layout): void {
    const left = this.#cursor.offsetLeft - this.#scroller.scrollLeft;
    const top = this.#cursor.offsetTop - this.#scroller.scrollTop;
    const inside =
      left >= layout.names + layout.depth - 2 &&
      top >= layout.head - 2 &&
      top + layout.pitch <= this.#scroller.clientHeight - layout.foot + 2;
    this.#cursor.classList.toggle("behind", !inside);
  }

  /** The cell under a point of the scroller. */
  #spotAt(x: number, y: number): Spot | undefined {
    const scene = this.#scene;
    if (!scene) return undefined;
    const { layout, cells, rows } = scene;
    if (x < layout.names + layout.depth || y < layout.head || y > this.#scroller.clientHeight - layout.foot) return undefined;
    const across = x + this.#scroller.scrollLeft;
    const row = Math.floor((y + this.#scroller.scrollTop - layout.head) / layout.pitch);
    if (row >= rows.length) return undefined;
    for (const [question, from] of layout.fields.entries()) {
      const column = Math.floor((across - from) / layout.pitch);
      if (column >= 0 && column < cells.columns.length) return { row, question, column };
    }
    return undefined;
  }

  #onPointer(event: PointerEvent): void {
    const box = this.#scroller.getBoundingClientRect();
    const spot = this.#spotAt(event.clientX - box.left, event.clientY - box.top);
    if (!spot) {
      this.#tip()?.closeSoon();
      return;
    }
    if (spot.row === this.#spot.row && spot.question === this.#spot.question && spot.column === this.#spot.column && this.#lit()) return;
    this.#go(spot, false);
  }

  #lit(): boolean {
    return (this.#scene?.lit.row ?? -1) >= 0;
  }

  /** Moves the link to a cell, lights its row and column, and lets it speak. */
  #go(spot: Spot, byKey: boolean): void {
    const scene = this.#scene;
    if (!scene) return;
    scene.lit = { ...spot };
    this.#move(spot);
    if (byKey) {
      this.#reveal(scene.layout, spot);
      this.#spoken.textContent = this.#cursor.getAttribute("aria-label");
    }
    this.#draw();
    this.#tip()?.open(this.#cursor, byKey ? 0 : 110);
  }

  #move(spot: Spot): void {
    const scene = this.#scene;
    const question = scene?.cells.questions[spot.question];
    const column = scene?.cells.columns[spot.column];
    const at = scene?.rows[spot.row];
    const row = at === undefined ? undefined : scene?.cells.rows[at];
    this.#cursor.hidden = !row;
    if (!scene || !question || !column || !row || at === undefined) return;
    const { layout, cells } = scene;
    this.#spot = spot;
    const look = lookAt(cells, question.cells, at * cells.columns.length + spot.column);
    this.#cursor.href = `${this.dataset["pixels"]}/${question.id}/${row.id}/${column.id}`;
    this.#cursor.setAttribute("aria-label", `${row.name}, ${column.name}, ${question.code}: ${look?.words ?? ""}`);
    this.#cursor.dataset["marks"] = look?.ids.join(" ") ?? "";
    this.#cursor.style.left = `${leftOf(layout, spot)}px`;
    this.#cursor.style.top = `${layout.head + spot.row * layout.pitch}px`;
    this.#cursor.style.width = `${layout.pitch}px`;
    this.#cursor.style.height = `${layout.pitch}px`;
  }

  /** Scrolls as little as it takes to see a cell beside names, heads and combined answers. */
  #reveal(layout: Layout, spot: Spot): void {
    const view = this.#scroller;
    const left = leftOf(layout, spot);
    const top = spot.row * layout.pitch;
    const room = view.clientHeight - layout.head - layout.foot;
    const fixed = layout.names + layout.depth;
    let { scrollLeft: x, scrollTop: y } = view;
    if (top < y) y = top;
    else if (top + layout.pitch > y + room) y = top + layout.pitch - room;
    if (left - fixed < x) x = left - fixed;
    else if (left + 2 * layout.pitch > x + view.clientWidth) x = left + 2 * layout.pitch - view.clientWidth;
    view.scrollTo({ left: x, top: y });
  }

  #onKey(event: KeyboardEvent): void {
    const scene = this.#scene;
    if (!scene || event.altKey || event.metaKey) return;
    const columns = scene.cells.columns.length;
    const across = columns * scene.cells.questions.length;
    let at = this.#spot.question * columns + this.#spot.column;
    let { row } = this.#spot;
    const step = KEYS[event.key];
    if (step) {
      row += step[0];
      at += step[1];
    } else if (event.key === "Home") {
      at = 0;
      if (event.ctrlKey) row = 0;
    } else if (event.key === "End") {
      at = across - 1;
      if (event.ctrlKey) row = scene.rows.length - 1;
    } else {
      return;
    }
    event.preventDefault();
    row = Math.min(Math.max(row, 0), scene.rows.length - 1);
    at = Math.min(Math.max(at, 0), across - 1);
    this.#go({ row, question: Math.floor(at / columns), column: at % columns }, true);
  }
}

export function defineField(): void {
  customElements.define("gv-field", Field);
}
