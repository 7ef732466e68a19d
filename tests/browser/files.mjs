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

/** Uploads a text as a file of an experiment's sample; resolves to its dataset as the API lists it. */
export async function upload(base, campaign, { experiment, sample, name, text }) {
  const bytes = new TextEncoder().encode(text);
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
