// What `cells.json` says, and where each cell lies on the field.

export interface Look {
  ids: string[];
  words: string;
  flags: string;
}

export interface Row {
  id: string;
  name: string;
  full: string;
  facility: string;
  support: string[];
  modes: string[];
  depth: [from: number, to: number, typical: number] | null;
  said: string;
  by_depth: number;
  note: string;
}

export interface Column {
  id: string;
  name: string;
  short: string;
}

export interface Question {
  id: string;
  /** How it is called in headings, before its name. */
  code: string;
  name: string;
  about: string;
  cells: string;
  by_row: string;
  by_column: string;
  all: string;
  row_counts: string[];
  column_counts: string[];
}

export interface Cells {
  schema: number;
  palette: Look[];
  depth_from: string;
  depth_to: string;
  rows: Row[];
  columns: Column[];
  questions: Question[];
}

/** The palette's entry of a letter; letters count from U+0100. */
export function lookAt(cells: Cells, letters: string, at: number): Look | undefined {
  return cells.palette[letters.charCodeAt(at) - 0x100];
}

export interface Filters {
  state: string;
  facility: string;
  support: string;
  mode: string;
  order: string;
}

/** Which rows are shown, in order. On a field that scrolls, rows that a filter leaves out go. */
export function shownRows(cells: Cells, filters: Filters): number[] {
  const rows = cells.rows.flatMap((row, at) => {
    const passes =
      (!filters.facility || row.facility === filters.facility) &&
      (!filters.support || row.support.includes(filters.support)) &&
      (!filters.mode || row.modes.includes(filters.mode));
    return passes ? [at] : [];
  });
  if (filters.order === "depth") {
    rows.sort((a, b) => (cells.rows[a]?.by_depth ?? 0) - (cells.rows[b]?.by_depth ?? 0));
  }
  return rows;
}

/** Whether a look stands out under the filter of states. */
export function standsOut(look: Look, state: string): boolean {
  const wanted: Record<string, string> = { answered: "a", pending: "p", over: "o", note: "n" };
  const letter = wanted[state];
  return !letter || look.flags === "" || look.flags.split(" ").includes(letter);
}

/** Sizes in CSS pixels. */
export interface Layout {
  pitch: number;
  names: number;
  depth: number;
  head: number;
  foot: number;
  gap: number;
  /** Left edge of each question's combined answers, of each question's cells, and of the end. */
  globals: number[];
  fields: number[];
  width: number;
  height: number;
}

export function layoutOf(cells: Cells, rows: number, room: number): Layout {
  const pitch = 24;
  const narrow = room < 700;
  const names = narrow ? 96 : 196;
  const depth = narrow ? 0 : 84;
  const gap = 28;
  const globals = cells.questions.map((_, at) => names + depth + at * (pitch + 4));
  let x = names + depth + cells.questions.length * (pitch + 4) + gap;
  const fields = cells.questions.map(() => {
    const left = x;
    x += cells.columns.length * pitch + gap;
    return left;
  });
  return { pitch, names, depth, head: 138, foot: pitch + 12, gap, globals, fields, width: x + 60, height: 138 + rows * pitch + pitch + 12 };
}

/** A place on the field: a row or a head (−1) or the foot (`rows`), a question, a column or the combined answers (−1). */
export interface Spot {
  row: number;
  question: number;
  column: number;
}

/** Left edge of a spot's cell. */
export function leftOf(layout: Layout, spot: Spot): number {
  return spot.column < 0
    ? (layout.globals[spot.question] ?? 0)
    : (layout.fields[spot.question] ?? 0) + spot.column * layout.pitch;
}
