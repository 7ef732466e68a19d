// Takes the figures of docs/performance.md on a dataset of ten million rows: sending it, reading it, its page, its curves.
//
//     cargo build --release --locked && node scripts/bench_datasets.mjs [--write] [--rows=10000000]
//     GALVANOME_BINARY=… names a binary that is there already.
//
// Every figure is the median of its runs; the spread beside it is the range of all of them.

import { createHash } from "node:crypto";
import { closeSync, createReadStream, mkdtempSync, openSync, readFileSync, readSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { cpus, loadavg, tmpdir, totalmem } from "node:os";
import { join } from "node:path";

process.env.GALVANOME_BINARY ??= join(process.env.CARGO_TARGET_DIR ?? join(import.meta.dirname, "../target"), "release/galvanome");
const { galvanome, json, root, start } = await import("../tests/browser/application.mjs");
const { launch, tab } = await import("../tests/browser/browser.mjs");

const CAMPAIGN = "invented-solid-state";
const EXPERIMENT = "echem-1";
const SAMPLE = "cell-25-1";
const PIECE = 8 << 20;
const RUNS = 20;
const given = (name) => process.argv.find((word) => word.startsWith(`--${name}=`))?.split("=")[1];
const ROWS = Number(given("rows") ?? 10_000_000);
const lines = [];

const sorted = (numbers) => [...numbers].sort((a, b) => a - b);

function median(numbers) {
  const all = sorted(numbers);
  const half = all.length >> 1;
  return all.length % 2 === 1 ? all[half] : (all[half - 1] + all[half]) / 2;
}

const written = (number) => (number >= 100 ? number.toFixed(0) : String(Number(number.toPrecision(3))));

/** Notes one figure: what, the measured numbers and their unit. */
function note(what, numbers, unit) {
  if (numbers.length === 0 || numbers.some((number) => !Number.isFinite(number))) {
    throw new Error(`${what}: nothing was measured`);
  }
  const all = sorted(numbers);
  const range = all.length > 1 ? `${written(all[0])} to ${written(all.at(-1))}` : "";
  lines.push([what, `${written(median(all))} ${unit}`, range, String(all.length)]);
  console.error(`${what}: ${written(median(all))} ${unit} ${range}`);
}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const seconds = (began) => (performance.now() - began) / 1000;

/** A cell cycled for years: a row every 10 s, cycles of an hour either way, noise in the last digit, and rare spikes. */
function writeCell(path) {
  const file = openSync(path, "w");
  let text = "test_time_second,voltage_volt,current_ampere,cycle_count,surface_temperature_celsius\n";
  let seed = 1;
  for (let row = 0; row < ROWS; row += 1) {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    const within = (row % 720) / 720;
    const filled = within < 0.5 ? 2 * within : 2 - 2 * within;
    const volts = row % 1_234_567 === 77 ? 4.9 : 3 + 1.1 * filled + 0.1 * Math.sin(9 * filled) + (seed % 100) * 1e-5;
    text += `${row * 10},${volts.toFixed(5)},${within < 0.5 ? "1.25" : "-1.25"},${1 + Math.floor(row / 720)},${(25 + (seed % 37) / 50).toFixed(2)}\n`;
    if (text.length > 1 << 22) {
      writeSync(file, text);
      text = "";
    }
  }
  writeSync(file, text);
  closeSync(file);
}

async function sum(path) {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) {
    hash.update(piece);
  }
  return hash.digest("hex");
}

async function asked(address, options = {}) {
  const answer = await fetch(address, { ...options, headers: { accept: "application/json", "content-type": "application/json", ...options.headers } });
  if (!answer.ok) {
    throw new Error(`${address} answered ${answer.status}: ${await answer.text()}`);
  }
  return answer;
}

/** Most resident memory since it was last asked, and resident memory now, in MB. */
function memory(pid) {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const of = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)[1]) / 1000;
  const both = { most: of("VmHWM"), now: of("VmRSS") };
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
  return both;
}

/** Milliseconds from the question to the last byte. */
async function timed(address) {
  const began = performance.now();
  const answer = await asked(address, { headers: { "accept-encoding": "br" } });
  const bytes = (await answer.arrayBuffer()).byteLength;
  return { took: performance.now() - began, bytes };
}

async function send(base, path) {
  const uploads = `${base}/api/v1/campaigns/${CAMPAIGN}/uploads`;
  const bytes = statSync(path).size;
  const sha256 = await sum(path);
  const new_ = { name: "years.csv", bytes, sha256, experiment: EXPERIMENT, samples: [SAMPLE] };
  const { id } = await (await asked(uploads, { method: "POST", body: JSON.stringify(new_) })).json();
  const file = openSync(path, "r");
  const piece = Buffer.alloc(PIECE);
  const began = performance.now();
  for (let at = 0; at < bytes; ) {
    const read = readSync(file, piece, 0, PIECE, at);
    const headers = { "content-type": "application/offset+octet-stream", "upload-offset": String(at) };
    await asked(`${uploads}/${id}`, { method: "PATCH", headers, body: piece.subarray(0, read) });
    at += read;
  }
  closeSync(file);
  note(`Sending it, ${written(bytes / 1e6)} MB in pieces of 8 MiB`, [seconds(began)], "s");
  const checking = performance.now();
  const end = await (await asked(`${uploads}/${id}`, { method: "POST", body: JSON.stringify({ sha256 }) })).json();
  note("Checking and keeping it", [seconds(checking)], "s");
  return end.dataset;
}

/** Waits until a step of the work is done; gives the seconds. */
async function until(dataset, step) {
  const began = performance.now();
  for (;;) {
    const { state, message } = (await json(dataset))[step];
    if (state === "done") {
      return seconds(began);
    }
    if (state === "failed" || state === "nothing") {
      throw new Error(`${step}: ${state}: ${message}`);
    }
    await pause(100);
  }
}

async function curves(dataset) {
  const of = (curve, query = "") => `${dataset}/curves/${curve}?${query}`;
  const first = await timed(of("time.bin", "columns=voltage_volt&width=900"));
  note("Voltage against time, the whole, 900 pixels wide, first time", [first.took], "ms");
  const several = async (what, address) => {
    const runs = [];
    for (let turn = 0; turn < RUNS; turn += 1) {
      runs.push((await timed(address(turn))).took);
    }
    note(what, runs, "ms");
  };
  await several("The same again", () => of("time.bin", "columns=voltage_volt&width=900"));
  await several("Voltage, current and capacity together", () => of("time.bin", "width=900"));
  const span = 10 * ROWS;
  for (const [part, words] of [[0.5, "a half"], [0.1, "a tenth"], [0.01, "a hundredth"], [1e-3, "a thousandth"], [1e-5, "a hundred-thousandth"]]) {
    await several(`Voltage, zoomed to ${words} at different places`, (turn) => {
      const from = ((turn * 0.618034) % 1) * span * (1 - part);
      return of("time.bin", `columns=voltage_volt&width=900&from=${from}&to=${from + part * span}`);
    });
  }
  await several("Capacity of each cycle", () => of("cycle.bin", "width=900"));
  await several("Voltage against charge, five cycles", () => of("charge.bin", "width=450"));
  await several("dQ/dV, five cycles", () => of("dqdv.bin", "width=450"));
  for (const form of ["csv", "svg", "png"]) {
    await several(`Export as ${form.toUpperCase()}, three curves, the whole`, () => of(`time.${form}`));
  }
  await several("Twenty rows from the middle", (turn) => `${dataset}/rows?first=${ROWS / 2 + 1000 * turn}&limit=20`);
}

/** What somebody waits for in a browser: until every curve is alive, and from a key to the curve of the zoomed part. */
async function page(base, path) {
  const browser = await launch();
  const alive = [];
  const zooms = [];
  try {
    for (let turn = 0; turn < 5; turn += 1) {
      const { context, page, troubles } = await tab(browser, base, { reducedMotion: "no-preference" });
      const began = performance.now();
      await page.goto(path, { waitUntil: "load" });
      await page.waitForFunction(() => [...document.querySelectorAll("gv-chart")].every((chart) => chart.classList.contains("alive")));
      alive.push(performance.now() - began);
      await page.locator("gv-chart[data-curve=time]").first().focus();
      for (let zoom = 0; zoom < 4; zoom += 1) {
        const drawn = page.evaluate(
          () =>
            new Promise((done) => {
              const chart = document.querySelector("gv-chart[data-curve=time]");
              chart.addEventListener("keydown", () => {
                const pressed = performance.now();
                chart.addEventListener("chart-drawn", () => requestAnimationFrame(() => done(performance.now() - pressed)), { once: true });
              }, { once: true, capture: true });
            }),
        );
        await pause(50);
        await page.keyboard.press("+");
        zooms.push(await drawn);
      }
      if (troubles.length > 0) {
        throw new Error(troubles.join("; "));
      }
      await context.close();
    }
  } finally {
    await browser.close();
  }
  note("Its page in Chromium, from the address to the last curve alive", alive, "ms");
  note("From a key that zooms to the new curve drawn", zooms, "ms");
}

/** The same file once more, of another cell, dropped on the page: the browser checks it, sends it, and opens its page. */
async function drop(base, path, sample) {
  const browser = await launch();
  try {
    const { context, page } = await tab(browser, base);
    await page.goto(`/c/${CAMPAIGN}/datasets`, { waitUntil: "load" });
    await page.selectOption("#up-experiment", EXPERIMENT);
    await page.selectOption("#up-sample", sample);
    await page.setInputFiles("#up-file", path);
    const began = performance.now();
    await page.locator(".drop-form button").click();
    await page.waitForURL(/datasets\/years/, { timeout: 300_000 });
    note("In Chromium, from pressing Upload to its page: checked, sent, kept", [seconds(began)], "s");
    await context.close();
  } finally {
    await browser.close();
  }
}

const loads = [loadavg()[0].toFixed(1)];
const folder = mkdtempSync(join(tmpdir(), "galvanome-bench-"));
let server;
try {
  const path = join(folder, "years.csv");
  writeCell(path);
  const data = join(folder, "data");
  await galvanome("campaign", "import", join(root, "examples", CAMPAIGN), "--data", data);
  server = await start("serve", data);
  const { pid } = server.child;
  note("Memory of the server before", [memory(pid).now], "MB");
  const id = await send(server.base, path);
  const dataset = `${server.base}/api/v1/campaigns/${CAMPAIGN}/datasets/${id}`;
  note("Most memory while it is sent", [memory(pid).most], "MB");
  note("Until it is read into columns, from the end of the upload", [await until(dataset, "reading")], "s");
  note("Most memory while it is read", [memory(pid).most], "MB");
  note("Then until it is analysed", [await until(dataset, "analysing")], "s");
  note("Most memory while it is analysed", [memory(pid).most], "MB");
  const first = await timed(`${server.base}/c/${CAMPAIGN}/datasets/${id}`);
  note("Its page, first time", [first.took], "ms");
  const anew = [];
  for (let turn = 0; turn < RUNS; turn += 1) {
    anew.push((await timed(`${server.base}/c/${CAMPAIGN}/datasets/${id}?row=${1000 * turn}`)).took);
  }
  note("Its page, drawn anew", anew, "ms");
  await curves(dataset);
  await page(server.base, `/c/${CAMPAIGN}/datasets/${id}`);
  const { most, now } = memory(pid);
  note("Most memory while it is looked at", [most], "MB");
  note("Memory afterwards", [now], "MB");
  await drop(server.base, path, "cell-25-2");
} finally {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
}

const processor = cpus()[0]?.model.replace(/\s+/g, " ").trim() || "unknown processor";
const head = ["what", "median", "range", "runs"];
const text = [
  `Taken on ${new Date().toISOString().slice(0, 10)}: ${ROWS.toLocaleString("en")} rows of five columns; ${cpus().length} cores (${processor}), ` +
    `${Math.round(totalmem() / 2 ** 30)} GiB, Linux, node ${process.versions.node}; load average ${loads[0]} before and ${loadavg()[0].toFixed(1)} after.`,
  "",
  ...[head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`),
].join("\n");
console.log(text);
if (process.argv.includes("--write")) {
  const path = join(root, "docs/performance.md");
  const marks = /(<!-- datasets -->\n)[\s\S]*?(<!-- end of datasets -->)/;
  const before = readFileSync(path, "utf8");
  if (!marks.test(before)) {
    throw new Error(`${path} has lost its marks <!-- datasets --> and <!-- end of datasets -->`);
  }
  writeFileSync(path, before.replace(marks, (_, opening, closing) => `${opening}\n${text}\n\n${closing}`));
}
