// Axes in words: the unit that a span of time is written in, and round steps of it.

const UNITS: readonly (readonly [most: number, name: string, seconds: number])[] = [
  [300, "s", 1],
  [3 * 3600, "min", 60],
  [10 * 86400, "h", 3600],
  [Infinity, "d", 86400],
];

/** The unit of a span of seconds, as the server chooses it. */
export function timeUnit(span: number): { name: string; seconds: number } {
  const [, name, seconds] = UNITS.find(([most]) => span <= most) ?? [0, "s", 1];
  return { name, seconds };
}

/** Round values inside, at most so many. */
export function roundValues(from: number, to: number, most: number): number[] {
  const extent = to - from;
  if (!(extent > 0) || !Number.isFinite(extent)) return [];
  let power = Math.floor(Math.log10(extent / most));
  for (;;) {
    for (const lead of [1, 2, 5]) {
      const step = lead * 10 ** power;
      const first = Math.ceil(from / step - 1e-9);
      const last = Math.floor(to / step + 1e-9);
      if (last - first < most) {
        return Array.from({ length: Math.max(0, last - first + 1) }, (_, k) => (first + k) * step);
      }
    }
    power += 1;
  }
}

/** A number with so many decimals and a proper minus. */
export function fixed(value: number, decimals: number): string {
  const text = Math.abs(value).toFixed(Math.min(Math.max(decimals, 0), 12));
  return value < 0 && Number(text) !== 0 ? `\u2212${text}` : text;
}

/** Numbers of a scale with as many decimals as their step needs. */
export function labels(values: readonly number[]): string[] {
  const [first = 0, second = first + 1] = values;
  const step = Math.abs(second - first);
  const decimals = step > 0 ? Math.max(0, -Math.floor(Math.log10(step * 1.000001))) : 0;
  return values.map((value) => fixed(value, decimals));
}

/** A number with up to so many digits. */
export function digits(value: number, count: number): string {
  if (!Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const size = Math.floor(Math.log10(Math.abs(value)));
  if (size > 8 || size < -5) return value.toExponential(count - 1).replace("-", "\u2212");
  const text = fixed(value, Math.max(0, count - 1 - size));
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** Powers of ten, as their exponents, at most so many; with their double and five-fold where few of them are seen. */
export function decades(from: number, to: number, most: number): number[] {
  if (!(to > from) || !Number.isFinite(to - from)) return [];
  const leads = to - from > 2.5 ? [1] : [1, 2, 5];
  const step = Math.max(1, Math.ceil((to - from) / most));
  const found: number[] = [];
  for (let power = Math.floor(from); power <= Math.ceil(to); power += 1) {
    if (power % step !== 0) continue;
    for (const lead of leads) {
      const at = power + Math.log10(lead);
      if (at >= from && at <= to) found.push(at);
    }
  }
  return found;
}

/** 0.01 to 1000 as they are, others as powers of ten. */
export function powerLabel(exponent: number): string {
  const power = Math.floor(exponent + 1e-9);
  const lead = Math.round(10 ** (exponent - power));
  if (power >= -2 && power <= 3) return String(Number((lead * 10 ** power).toPrecision(3)));
  const raised = [...String(power)].map((sign) => (sign === "-" ? "\u207b" : ("\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"[Number(sign)] ?? ""))).join("");
  return lead > 1 ? `${lead}\u00b710${raised}` : `10${raised}`;
}
