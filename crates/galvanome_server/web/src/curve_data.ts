// Curves as the server sends them: `GVW1`, heads, names, then numbers, little-endian. The page of the API says the same.

export interface Curve {
  name: string;
  /** Rows that it stands for. */
  rows: number;
  /** Whether each of them is a point. */
  whole: boolean;
  x: Float64Array;
  y: Float64Array;
}

export function curvesOf(bytes: ArrayBuffer): Curve[] {
  const view = new DataView(bytes);
  if (view.getUint32(0, true) !== 0x31575647) throw new Error("these are no curves");
  const count = view.getUint32(4, true);
  const long = (at: number): number => Number(view.getBigUint64(at, true));
  const heads = Array.from({ length: count }, (_, index) => 8 + 24 * index);
  let at = 8 + 24 * count;
  const length = long(at);
  const names = new TextDecoder().decode(new Uint8Array(bytes, at + 8, length)).split("\n");
  at += 8 + Math.ceil(length / 8) * 8;
  return heads.map((head, index) => {
    const points = long(head);
    const x = new Float64Array(bytes, at, points);
    const y = new Float64Array(bytes, at + 8 * points, points);
    at += 16 * points;
    return { name: names[index] ?? "", rows: long(head + 8), whole: long(head + 16) === 1, x, y };
  });
}
