// What part of an axis is looked at. Charts that show the same part share one.

export class View {
  whole: readonly [from: number, to: number];
  from: number;
  to: number;
  #told: (() => void)[] = [];

  constructor(whole: readonly [number, number], from = whole[0], to = whole[1]) {
    this.whole = whole;
    this.from = from;
    this.to = to;
  }

  get isWhole(): boolean {
    return this.from === this.whole[0] && this.to === this.whole[1];
  }

  /** Calls back whenever another part is looked at. */
  watch(tell: () => void): void {
    this.#told.push(tell);
  }

  /** Looks at another part; what lies beyond the ends is left out, and so small a part that numbers fail. */
  show(from: number, to: number): void {
    const [first, last] = this.whole;
    const least = (last - first) * 1e-9;
    const extent = Math.min(Math.max(to - from, least), last - first);
    const begin = Math.min(Math.max(from, first), last - extent);
    if (!Number.isFinite(begin) || (begin === this.from && begin + extent === this.to)) return;
    this.from = begin;
    // The whole is the whole to the last bit.
    this.to = extent === last - first ? last : begin + extent;
    for (const tell of this.#told) tell();
  }

  /** What there is to be seen has changed, and all of it is looked at; nobody is told, since whoever knows draws anew. */
  refit(whole: readonly [number, number]): void {
    this.whole = whole;
    [this.from, this.to] = whole;
  }

  reset(): void {
    this.show(...(this.whole as [number, number]));
  }

  /** Nearer with a factor below 1, farther with one above; the place `at` (a share of the extent) stays. */
  zoom(factor: number, at = 0.5): void {
    const extent = this.to - this.from;
    const fixed = this.from + at * extent;
    this.show(fixed - at * extent * factor, fixed + (1 - at) * extent * factor);
  }

  /** Moves by a share of the extent. */
  pan(share: number): void {
    const by = share * (this.to - this.from);
    this.show(this.from + by, this.to + by);
  }
}
