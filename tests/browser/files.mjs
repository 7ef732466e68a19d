// Files as instruments write them, made up, and a way to upload one without a page.

import { json } from "./application.mjs";

/** A cycler's text with so many rows. */
export function cyclerText(rows) {
  const lines = ["test_time_second,voltage_volt,current_ampere,cycle_count"];
  for (let row = 0; row < rows; row += 1) {
    const within = (row % 600) / 600;
    const current = within < 0.5 ? 0.1 : -0.1;
    lines.push(`${row * 10},${(3 + Math.abs(0.5 - Math.abs(within - 0.5)) * 2).toFixed(4)},${current},${1 + Math.floor(row / 600)}`);
  }
  return `${lines.join("\n")}\n`;
}

/** Spectra of a resistor before one beside a capacitor, 10 kHz to 0.1 Hz, with rests between: the first resistor grows. */
export function spectraText(sweeps) {
  const lines = ["test_time_second,voltage_volt,current_ampere,frequency_hertz,real_impedance_ohm,imaginary_impedance_ohm"];
  let time = 0;
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    lines.push(`${(time += 60)},3.7,0,,,`);
    for (let step = 0; step <= 50; step += 1) {
      const hertz = 10 ** (4 - step / 10);
      const x = 2 * Math.PI * hertz * 40e-4;
      const real = 5 + sweep + 40 / (1 + x * x);
      lines.push(`${(time += 1)},3.7,0.001,${hertz},${real},${(-40 * x) / (1 + x * x)}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

/** A series of scans of one peak that moves, as PANalytical's software writes it. */
export function scansText(scans) {
  const parts = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<xrdMeasurements xmlns="http://www.xrdml.com/XRDMeasurement/1.5" status="Completed">',
    '<xrdMeasurement measurementType="Repeated scan" status="Completed">',
    '<usedWavelength intended="K-Alpha"><kAlpha1 unit="Angstrom">1.5405980</kAlpha1><kAlpha2 unit="Angstrom">1.5444260</kAlpha2><ratioKAlpha2KAlpha1>0.5000</ratioKAlpha2KAlpha1></usedWavelength>',
  ];
  for (let scan = 0; scan < scans; scan += 1) {
    const counts = Array.from({ length: 401 }, (_, point) => 20 + Math.round(1000 * Math.exp(-(((point - 160 - scan) / 24) ** 2))));
    parts.push(
      `<scan appendNumber="${scan}" mode="Continuous" scanAxis="Gonio" status="Completed"><dataPoints><positions axis="2Theta" unit="deg"><startPosition>17.0</startPosition><endPosition>19.0</endPosition></positions><commonCountingTime unit="seconds">1.0</commonCountingTime><intensities unit="counts">${counts.join(" ")}</intensities></dataPoints></scan>`,
    );
  }
  return `${parts.join("\n")}\n</xrdMeasurement>\n</xrdMeasurements>\n`;
}

/** A stack of square pages of 8 bits, not packed: a bright ball in the dark. */
export function stackBytes(side) {
  const parts = [new Uint8Array([0x49, 0x49, 42, 0, 8, 0, 0, 0])];
  let at = 8;
  for (let z = 0; z < side; z += 1) {
    const tags = [[256, side], [257, side], [258, 8], [259, 1], [262, 1], [273, 0], [277, 1], [278, side], [279, side * side]];
    const behind = at + 2 + 12 * tags.length + 4;
    const head = new DataView(new ArrayBuffer(behind - at));
    head.setUint16(0, tags.length, true);
    tags.forEach(([tag, value], place) => {
      const entry = 2 + 12 * place;
      head.setUint16(entry, tag, true);
      head.setUint16(entry + 2, 4, true);
      head.setUint32(entry + 4, 1, true);
      head.setUint32(entry + 8, tag === 273 ? behind : value, true);
    });
    const next = behind + side * side;
    head.setUint32(2 + 12 * tags.length, z + 1 < side ? next : 0, true);
    const middle = (side - 1) / 2;
    const page = Uint8Array.from({ length: side * side }, (_, place) => {
      const away = Math.hypot(z - middle, Math.floor(place / side) - middle, (place % side) - middle);
      return away < side / 3 ? 200 : 40;
    });
    parts.push(new Uint8Array(head.buffer), page);
    at = next;
  }
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

/** Uploads a text, or bytes, as a file of an experiment's sample; resolves to its dataset as the API lists it. */
export async function upload(base, campaign, { experiment, sample, name, text, bytes = new TextEncoder().encode(text) }) {
  const uploads = `${base}/api/v1/campaigns/${encodeURIComponent(campaign)}/uploads`;
  const told = async (address, options) => {
    const answer = await fetch(address, { ...options, headers: { "content-type": "application/json", ...options.headers } });
    const said = await answer.text();
    if (!answer.ok) {
      throw new Error(`${address} answered ${answer.status}: ${said}`);
    }
    return said === "" ? undefined : JSON.parse(said);
  };
  const begun = { name, bytes: bytes.length, experiment, samples: [sample] };
  const { id } = await told(uploads, { method: "POST", body: JSON.stringify(begun) });
  const headers = { "content-type": "application/offset+octet-stream", "upload-offset": "0" };
  await told(`${uploads}/${id}`, { method: "PATCH", headers, body: bytes });
  const { dataset } = await told(`${uploads}/${id}`, { method: "POST", body: "{}" });
  const address = `${base}/api/v1/campaigns/${encodeURIComponent(campaign)}/datasets/${encodeURIComponent(dataset)}`;
  for (let turn = 0; turn < 300; turn += 1) {
    const { dataset: one, reading, analysing } = await json(address);
    if (![reading, analysing].some(({ state }) => state === "waits" || state === "runs")) {
      return one;
    }
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`${dataset} is still worked on after half a minute`);
}
