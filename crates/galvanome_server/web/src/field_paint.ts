// Draws the visible part of the field: names at the left, heads above and combined answers below stay, cells scroll
// between them.

import { type Cells, type Layout, leftOf, lookAt, type Question, standsOut } from "./field_data";
import { paintSymbols } from "./symbol_paint";

/** The page's colours, resolved: a canvas knows no custom properties. */
export interface Ink {
  paper: string;
  ink: string;
  ink2: string;
  ink3: string;
  rule: string;
  accent: string;
  cross: string;
  font: string;
}

export function inkOf(host: HTMLElement): Ink {
  const probe = document.createElement("span");
  host.append(probe);
  const colour = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const ink = {
    paper: colour("paper"),
    ink: colour("ink"),
    ink2: colour("ink-2"),
    ink3: colour("ink-3"),
    rule: colour("rule"),
    accent: colour("accent"),
    cross: colour("cross"),
    font: getComputedStyle(probe).fontFamily,
  };
  probe.remove();
  return ink;
}

export interface Scene {
  cells: Cells;
  layout: Layout;
  rows: number[];
  ink: Ink;
  state: string;
  /** What is lit: the row on the field, and the column of one question or, from an address, of all. */
  lit: { row: number; question: number; column: number };
  pinned: { row: number; column: number };
}

export class Painter {
  #sprites = new Map<string, HTMLCanvasElement>();

  /** Forgets drawings, after the theme or the screen changed. */
  forget(): void {
    this.#sprites.clear();
  }

  #sprite(ids: string[], size: number): HTMLCanvasElement {
    const key = ids.join(" ");
    let sprite = this.#sprites.get(key);
    if (!sprite) {
      sprite = paintSymbols(ids, size);
      this.#sprites.set(key, sprite);
    }
    return sprite;
  }

  /** Draws what stands at a scroll position on a canvas of so many CSS pixels. */
  paint(context: CanvasRenderingContext2D, scene: Scene, view: { x: number; y: number; width: number; height: number }, scale: number): void {
    const { cells, layout, rows, ink } = scene;
    const { pitch } = layout;
    const left = layout.names + layout.depth;
    const bottom = view.height - layout.foot;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.fillStyle = ink.paper;
    context.fillRect(0, 0, view.width, view.height);
    const firstRow = Math.max(0, Math.floor(view.y / pitch));
    const lastRow = Math.min(rows.length - 1, Math.floor((view.y + bottom - layout.head) / pitch));
    const top = (row: number): number => layout.head + row * pitch - view.y;
    const draw = (letters: string, at: number, x: number, y: number): void => {
      const look = lookAt(cells, letters, at);
      if (!look) return;
      const out = standsOut(look, scene.state);
      if (!out) context.globalAlpha = 0.16;
      context.drawImage(this.#sprite(look.ids, Math.round((pitch - 2) * scale)), x + 1, y + 1, pitch - 2, pitch - 2);
      if (!out) context.globalAlpha = 1;
    };
    const clip = (x: number, y: number, width: number, height: number, inside: () => void): void => {
      context.save();
      context.beginPath();
      context.rect(x, y, width, height);
      context.clip();
      inside();
      context.restore();
    };

    clip(left, layout.head, view.width - left, bottom - layout.head, () => {
      this.#bands(context, scene, view, top);
      cells.questions.forEach((question, at) => {
        for (let row = firstRow; row <= lastRow; row++) {
          draw(question.by_row, rows[row] ?? 0, (layout.globals[at] ?? 0) - view.x, top(row));
        }
        const from = layout.fields[at] ?? 0;
        const first = Math.max(0, Math.floor((view.x + left - from) / pitch));
        const last = Math.min(cells.columns.length - 1, Math.floor((view.x + view.width - from) / pitch));
        for (let row = firstRow; row <= lastRow; row++) {
          const base = (rows[row] ?? 0) * cells.columns.length;
          for (let column = first; column <= last; column++) {
            draw(question.cells, base + column, from + column * pitch - view.x, top(row));
          }
        }
      });
    });
    clip(0, layout.head, left, bottom - layout.head, () => this.#names(context, scene, firstRow, lastRow, top));
    clip(left, 0, view.width - left, layout.head, () => this.#heads(context, scene, view));
    clip(left, bottom, view.width - left, layout.foot, () => {
      cells.questions.forEach((question, at) => {
        draw(question.all, 0, (layout.globals[at] ?? 0) - view.x, bottom + 6);
        cells.columns.forEach((_, column) => {
          const x = (layout.fields[at] ?? 0) + column * pitch - view.x;
          if (x > left - pitch && x < view.width) draw(question.by_column, column, x, bottom + 6);
        });
      });
    });
    this.#frame(context, scene, view, left, bottom);
  }

  #bands(context: CanvasRenderingContext2D, scene: Scene, view: { x: number; y: number; width: number; height: number }, top: (row: number) => number): void {
    const { layout, cells, rows } = scene;
    context.fillStyle = scene.ink.cross;
    const pinnedRow = rows.indexOf(scene.pinned.row);
    for (const row of [scene.lit.row, pinnedRow]) {
      if (row >= 0) context.fillRect(0, top(row), view.width, layout.pitch);
    }
    cells.questions.forEach((_, question) => {
      const columns = [question === scene.lit.question ? scene.lit.column : -1, scene.pinned.column];
      for (const column of columns) {
        if (column >= 0) {
          context.fillRect(leftOf(layout, { row: 0, question, column }) - view.x, 0, layout.pitch, view.height);
        }
      }
    });
  }

  #names(context: CanvasRenderingContext2D, scene: Scene, first: number, last: number, top: (row: number) => number): void {
    const { cells, layout, rows, ink } = scene;
    context.textBaseline = "middle";
    context.textAlign = "right";
    for (let at = first; at <= last; at++) {
      const row = cells.rows[rows[at] ?? 0];
      if (!row) continue;
      const middle = top(at) + layout.pitch / 2;
      const lit = at === scene.lit.row || rows[at] === scene.pinned.row;
      context.font = `${lit ? 600 : 400} 13px ${ink.font}`;
      context.fillStyle = lit ? ink.accent : ink.ink;
      context.fillText(clipped(context, row.name, layout.names - 16), layout.names - 10, middle);
      if (!layout.depth) continue;
      const x = (share: number): number => layout.names + share * (layout.depth - 16);
      context.fillStyle = ink.rule;
      context.fillRect(x(0), middle - 0.5, x(1) - x(0), 1);
      if (!row.depth) continue;
      const [from, to, typical] = row.depth;
      context.fillStyle = ink.ink3;
      context.fillRect(x(from), middle - 1.5, Math.max(1, x(to) - x(from)), 3);
      context.fillStyle = ink.ink;
      context.fillRect(x(typical) - 1, middle - 5, 2, 10);
    }
  }

  #heads(context: CanvasRenderingContext2D, scene: Scene, view: { x: number; width: number }): void {
    const { cells, layout, ink } = scene;
    const left = layout.names + layout.depth;
    context.textBaseline = "alphabetic";
    context.textAlign = "left";
    const slanted = (text: string, x: number, lit: boolean): void => {
      context.save();
      context.translate(x + layout.pitch / 2 + 4, layout.head - 4);
      context.rotate(-Math.PI / 4);
      context.font = `${lit ? 600 : 400} 12px ${ink.font}`;
      context.fillStyle = lit ? ink.accent : ink.ink2;
      context.fillText(clipped(context, text, 118), 0, 0);
      context.restore();
    };
    cells.questions.forEach((question: Question, at) => {
      slanted(question.code, (layout.globals[at] ?? 0) - view.x, false);
      const from = layout.fields[at] ?? 0;
      const to = from + cells.columns.length * layout.pitch;
      cells.columns.forEach((column, index) => {
        const x = from + index * layout.pitch - view.x;
        if (x < left - 130 || x > view.width) return;
        const lit = (index === scene.lit.column && at === scene.lit.question) || index === scene.pinned.column;
        slanted(column.name, x, lit);
      });
      // The title of a question stays in sight as long as the question does.
      if (to - view.x > left && from - view.x < view.width) {
        const x = Math.min(Math.max(from - view.x, left), to - view.x - 120);
        context.fillStyle = ink.paper;
        context.fillRect(x - 2, 0, 300, 40);
        context.font = `600 17px ${ink.font}`;
        context.fillStyle = ink.ink;
        context.fillText(question.code, x, 16);
        const width = context.measureText(question.code).width;
        context.font = `400 17px ${ink.font}`;
        context.fillStyle = ink.ink2;
        context.fillText(clipped(context, question.name, 200), x + width + 8, 16);
        context.font = `400 12px ${ink.font}`;
        context.fillText(clipped(context, question.about, 290), x, 34);
      }
    });
  }

  #frame(context: CanvasRenderingContext2D, scene: Scene, view: { x: number; y: number; width: number; height: number }, left: number, bottom: number): void {
    const { layout, ink, cells } = scene;
    context.fillStyle = ink.rule;
    if (view.x > 0) context.fillRect(left - 6, layout.head, 1, bottom - layout.head);
    if (view.y > 0) context.fillRect(0, layout.head, view.width, 1);
    context.fillRect(0, bottom, view.width, 1);
    context.textBaseline = "middle";
    context.textAlign = "right";
    context.font = `400 13px ${ink.font}`;
    context.fillStyle = ink.ink2;
    context.fillText("All techniques", layout.names - 10, bottom + 6 + layout.pitch / 2);
    if (!layout.depth) return;
    context.font = `400 12px ${ink.font}`;
    context.fillStyle = ink.ink3;
    context.textAlign = "left";
    context.fillText("Probed depth", layout.names, layout.head - 24);
    context.fillText(cells.depth_from, layout.names, layout.head - 10);
    context.textAlign = "right";
    context.fillText(cells.depth_to, layout.names + layout.depth - 16, layout.head - 10);
  }
}

function clipped(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let kept = text;
  while (kept && context.measureText(`${kept}…`).width > width) kept = kept.slice(0, -1);
  return `${kept.trimEnd()}…`;
}
