// Rewrites a PNG of a page with a palette of 256 colours, so that pictures in the repository stay small.

import * as zlib from "node:zlib";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const COLOURS = 256;

const table = Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) {
    value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  }
  return value >>> 0;
});

function checksum(bytes) {
  if (zlib.crc32) {
    return zlib.crc32(bytes);
  }
  let value = 0xffffffff;
  for (const byte of bytes) {
    value = table[(value ^ byte) & 0xff] ^ (value >>> 8);
  }
  return (value ^ 0xffffffff) >>> 0;
}

/** The pieces of a PNG file, in order. */
function* pieces(file) {
  for (let at = SIGNATURE.length; at < file.length; ) {
    const length = file.readUInt32BE(at);
    yield { type: file.toString("latin1", at + 4, at + 8), body: file.subarray(at + 8, at + 8 + length) };
    at += length + 12;
  }
}

function piece(type, body) {
  const out = Buffer.alloc(body.length + 12);
  out.writeUInt32BE(body.length, 0);
  out.write(type, 4, "latin1");
  body.copy(out, 8);
  out.writeUInt32BE(checksum(out.subarray(4, body.length + 8)), body.length + 8);
  return out;
}

function paeth(left, up, corner) {
  const guess = left + up - corner;
  const [byLeft, byUp, byCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (byLeft <= byUp && byLeft <= byCorner) {
    return left;
  }
  return byUp <= byCorner ? up : corner;
}

/** Pixels of an 8-bit RGB or RGBA file without interlace: `{ width, height, colours }`, a colour being 0xRRGGBB. */
function decode(file) {
  const all = [...pieces(file)];
  const head = all.find(({ type }) => type === "IHDR").body;
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)];
  const [depth, kind, , , interlace] = head.subarray(8);
  const samples = { 2: 3, 6: 4 }[kind];
  if (depth !== 8 || !samples || interlace !== 0) {
    throw new Error(`a PNG of depth ${depth}, kind ${kind}, interlace ${interlace} is not what a browser writes`);
  }
  const raw = zlib.inflateSync(Buffer.concat(all.filter(({ type }) => type === "IDAT").map(({ body }) => body)));
  const stride = width * samples;
  const colours = new Uint32Array(width * height);
  let above = new Uint8Array(stride);
  for (let row = 0; row < height; row += 1) {
    const from = row * (stride + 1);
    const filter = raw[from];
    const line = raw.subarray(from + 1, from + 1 + stride);
    for (let at = 0; at < stride; at += 1) {
      const left = at >= samples ? line[at - samples] : 0;
      const corner = at >= samples ? above[at - samples] : 0;
      line[at] += [0, left, above[at], (left + above[at]) >> 1, filter === 4 ? paeth(left, above[at], corner) : 0][filter];
    }
    for (let column = 0; column < width; column += 1) {
      const at = column * samples;
      colours[row * width + column] = (line[at] << 16) | (line[at + 1] << 8) | line[at + 2];
    }
    above = line;
  }
  return { width, height, colours };
}

const shifts = [16, 8, 0];

/** Divides colours with their counts into boxes (median cut), and gives each box its mean colour. */
function palette(counts) {
  const boxes = [[...counts]];
  const width = (box) =>
    Math.max(
      ...shifts.map((shift) => {
        const values = box.map(([colour]) => (colour >> shift) & 0xff);
        return values.reduce((a, b) => Math.max(a, b), 0) - values.reduce((a, b) => Math.min(a, b), 255);
      }),
    );
  const weight = new Map();
  const heavy = (box) => {
    if (!weight.has(box)) {
      weight.set(box, box.length < 2 ? 0 : width(box) * Math.sqrt(box.reduce((sum, [, count]) => sum + Math.sqrt(count), 0)));
    }
    return weight.get(box);
  };
  while (boxes.length < COLOURS) {
    boxes.sort((a, b) => heavy(b) - heavy(a));
    if (heavy(boxes[0]) === 0) {
      break;
    }
    const box = boxes.shift();
    const spread = (shift) => {
      const values = box.map(([colour]) => (colour >> shift) & 0xff);
      return values.reduce((a, b) => Math.max(a, b), 0) - values.reduce((a, b) => Math.min(a, b), 255);
    };
    const [shift] = [...shifts].sort((a, b) => spread(b) - spread(a));
    box.sort(([a], [b]) => ((a >> shift) & 0xff) - ((b >> shift) & 0xff));
    const half = box.reduce((sum, [, count]) => sum + Math.sqrt(count), 0) / 2;
    let cut = 0;
    for (let sum = 0; sum < half && cut < box.length - 1; cut += 1) {
      sum += Math.sqrt(box[cut][1]);
    }
    boxes.push(box.slice(0, Math.max(1, cut)), box.slice(Math.max(1, cut)));
  }
  const index = new Map();
  const means = boxes.map((box, place) => {
    const total = box.reduce((sum, [, count]) => sum + count, 0);
    for (const [colour] of box) {
      index.set(colour, place);
    }
    // A box's commonest colour, not its mean: large plain areas keep their exact tone.
    const [common, count] = box.reduce((best, one) => (one[1] > best[1] ? one : best));
    if (count > total / 2) {
      return common;
    }
    return shifts.reduce((mixed, shift) => {
      const mean = box.reduce((sum, [colour, times]) => sum + ((colour >> shift) & 0xff) * times, 0) / total;
      return mixed | (Math.round(mean) << shift);
    }, 0);
  });
  return { index, means };
}

/** The same picture with at most 256 colours. */
export function reduced(file) {
  const { width, height, colours } = decode(file);
  const counts = new Map();
  for (const colour of colours) {
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const { index, means } = palette(counts);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8);
  const lines = Buffer.alloc((width + 1) * height);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      lines[row * (width + 1) + 1 + column] = index.get(colours[row * width + column]);
    }
  }
  const paints = Buffer.from(means.flatMap((colour) => shifts.map((shift) => (colour >> shift) & 0xff)));
  const body = zlib.deflateSync(lines, { level: zlib.constants.Z_BEST_COMPRESSION, memLevel: 9 });
  return Buffer.concat([SIGNATURE, piece("IHDR", head), piece("PLTE", paints), piece("IDAT", body), piece("IEND", Buffer.alloc(0))]);
}
