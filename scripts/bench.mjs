// Takes the figures of docs/performance.md. scripts/bench.sh builds what this measures.
//
// Every figure is the median of its runs; the spread beside it is the range of all of them.

import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { loadavg, cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { binary, json, root, start } from "../tests/browser/application.mjs";
import { launch, tab } from "../tests/browser/browser.mjs";
import { CAMPAIGN, writeLargeCampaign } from "./large_campaign.mjs";

const run = promisify(execFile);
const RUNS = 7;
const program = binary();
const rows = [];

const sorted = (numbers) => [...numbers].sort((a, b) => a - b);

function median(numbers) {
  const all = sorted(numbers);
  const half = all.length >> 1;
  return all.length % 2 === 1 ? all[half] : (all[half - 1] + all[half]) / 2;
}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** Three digits that count, and no more than the number has. */
const written = (number) => (number >= 100 ? number.toFixed(0) : String(Number(number.toPrecision(3))));

/** Notes one figure: what, its target in words, the measured numbers and their unit. */
function note(what, target, numbers, unit) {
  if (numbers.length === 0 || numbers.some((number) => !Number.isFinite(number))) {
    throw new Error(`${what}: nothing was measured`);
  }
  const all = sorted(numbers);
  const range = all.length > 1 ? `${written(all[0])} to ${written(all.at(-1))}` : "";
  rows.push([what, target, `${written(median(all))} ${unit}`, range, String(all.length)]);
  console.error(`${what}: ${written(median(all))} ${unit}`);
}

/** A data folder that is gone afterwards. */
async function withFolder(use) {
  const folder = mkdtempSync(join(tmpdir(), "galvanome-bench-"));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A server that is stopped afterwards. */
async function withServer(verb, data, use) {
  const server = await start(verb, data, { program });
  try {
    return await use(server);
  } finally {
    const status = await server.stop();
    if (status !== 0) {
      console.error(`the server ended with ${status}:\n${server.said()}`);
    }
  }
}

/** One request: milliseconds here and, by its `Server-Timing` header, at the server. */
async function timed(address) {
  const began = performance.now();
  const answer = await fetch(address, { headers: { "accept-encoding": "br" } });
  await answer.arrayBuffer();
  const here = performance.now() - began;
  if (!answer.ok) {
    throw new Error(`${address} answered ${answer.status}`);
  }
  const header = /(?:^|[\s,])app;dur=([\d.]+)/.exec(answer.headers.get("server-timing") ?? "");
  return { here, server: header ? Number(header[1]) : Number.NaN };
}

/** Resident memory of a process now, in MB. */
function resident(pid) {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)[1]) / 1000;
}

/** A first visit: milliseconds to first paint, bytes over the wire, and requests, with an empty cache. */
async function visit(browser, base, path, use) {
  const { context, page, troubles } = await tab(browser, base, { reducedMotion: "no-preference" });
  try {
    const client = await context.newCDPSession(page);
    await client.send("Network.enable");
    let bytes = 0;
    let requests = 0;
    client.on("Network.loadingFinished", ({ encodedDataLength }) => {
      bytes += encodedDataLength;
      requests += 1;
    });
    await page.goto(path, { waitUntil: "load" });
    await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0);
    const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime);
    await pause(200);
    const more = use ? await use(page) : undefined;
    if (troubles.length > 0) {
      throw new Error(`${path}: ${troubles.join("; ")}`);
    }
    return { paint, kilobytes: bytes / 1000, requests, more };
  } finally {
    await context.close();
  }
}

/** Milliseconds between frames while the page is scrolled from top to end and back, and sideways where it is wide. */
async function scroll(page) {
  await page.mouse.move(700, 500);
  await page.evaluate(() => {
    globalThis.frames_ = [];
    let before = performance.now();
    const tick = (now) => {
      globalThis.frames_.push(now - before);
      before = now;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  for (const step of [240, -240]) {
    for (let turn = 0; turn < 60; turn += 1) {
      await page.mouse.wheel(0, step);
      await pause(16);
    }
  }
  return page.evaluate(() => globalThis.frames_.slice(2));
}

async function small() {
  const starts = [];
  for (let turn = 0; turn < RUNS; turn += 1) {
    await withFolder(async (data) => {
      const began = performance.now();
      await withServer("demo", data, async ({ base }) => {
        const answer = await fetch(`${base}/c/lno-graphite/metaviews/LNO`);
        await answer.text();
        starts.push(performance.now() - began);
        if (!answer.ok) {
          throw new Error(`the first request was answered ${answer.status}`);
        }
      });
    });
  }
  note("`demo`, fresh data folder: start to first answered request (metaviews of LNO)", "< 300 ms", starts, "ms");
  note("Release binary", "< 40 MB", [statSync(program).size / 1e6], "MB");

  const browser = await launch();
  try {
    await withFolder(async (data) => {
      await withServer("demo", data, async ({ base, child }) => {
        const { techniques } = await json(`${base}/api/v1/campaigns/lno-graphite/metaviews`);
        const pages = ["/c/lno-graphite/metaviews/LNO", "/c/lno-graphite/metaviews/Graphite"];
        for (const path of pages) {
          const component = path.split("/").at(-1);
          const first = await timed(base + path);
          const times = [];
          for (let turn = 0; turn < 50; turn += 1) {
            times.push((await timed(base + path)).server);
          }
          // Another highlighted row is another page, which nobody has asked for yet.
          const anew = [];
          for (const { id } of techniques) {
            anew.push((await timed(`${base}${path}?row=${id}`)).server);
          }
          note(`Metaviews of ${component}, page at the server, first of its kind`, "", [first.server], "ms");
          note(`Metaviews of ${component}, page at the server, drawn anew`, "< 5 ms", anew, "ms");
          note(`Metaviews of ${component}, page at the server, kept`, "< 5 ms", times, "ms");
          const visits = [];
          for (let turn = 0; turn < RUNS; turn += 1) {
            visits.push(await visit(browser, base, path));
          }
          const bytes = visits.map(({ kilobytes }) => kilobytes);
          note(`Metaviews of ${component}, transferred with an empty cache (brotli)`, "< 60 kB", bytes, "kB");
          note(`Metaviews of ${component}, first paint`, "< 200 ms", visits.map(({ paint }) => paint), "ms");
        }
        await pause(3000);
        const memory = [];
        for (let turn = 0; turn < RUNS; turn += 1) {
          memory.push(resident(child.pid));
          await pause(300);
        }
        note("Resident memory, idle after these visits", "< 60 MB", memory, "MB");
      });
    });
  } finally {
    await browser.close();
  }
}

async function large() {
  await withFolder(async (folder) => {
    const source = join(folder, "campaign");
    const count = await writeLargeCampaign(source);
    const imports = [];
    for (let turn = 0; turn < 5; turn += 1) {
      await withFolder(async (data) => {
        const began = performance.now();
        await run(program, ["campaign", "import", source, "--data", data], { maxBuffer: 1 << 28 });
        imports.push((performance.now() - began) / 1000);
      });
    }
    note(`Import of ${count.toLocaleString("en")} answers`, "< 15 s", imports, "s");

    const data = join(folder, "data");
    await run(program, ["campaign", "import", source, "--data", data], { maxBuffer: 1 << 28 });
    const cold = { here: [], server: [] };
    const cached = { here: [], server: [] };
    const view = (base, component, question) => `${base}/api/v1/campaigns/${CAMPAIGN}/metaviews/${component}/${question}`;
    for (let turn = 0; turn < RUNS; turn += 1) {
      // A new process has nothing cached: its first metaview is as cold as one gets.
      await withServer("serve", data, async ({ base }) => {
        const address = view(base, `c00${turn + 1}`, "Q001");
        const first = await timed(address);
        cold.here.push(first.here);
        cold.server.push(first.server);
        for (let again = 0; again < 10; again += 1) {
          const next = await timed(address);
          cached.here.push(next.here);
          cached.server.push(next.server);
        }
      });
    }
    note("One metaview of 10,000 pixels by API, cold, at the server", "< 150 ms", cold.server, "ms");
    note("The same, cold, at the client", "", cold.here, "ms");
    note("The same, cached, at the server", "< 20 ms", cached.server, "ms");
    note("The same, cached, at the client", "", cached.here, "ms");

    const browser = await launch();
    try {
      await withServer("serve", data, async ({ base, child }) => {
        const path = `/c/${CAMPAIGN}/metaviews/c001`;
        await timed(base + path);
        const times = [];
        const visits = [];
        for (let turn = 0; turn < 5; turn += 1) {
          times.push((await timed(base + path)).server);
          visits.push(await visit(browser, base, path, scroll));
        }
        note("Its page of 4 × 10,000 pixels, at the server", "", times, "ms");
        note("Its page, transferred (brotli)", "", visits.map(({ kilobytes }) => kilobytes), "kB");
        note("Its page, first paint", "", visits.map(({ paint }) => paint), "ms");
        const frames = visits.map(({ more }) => sorted(more));
        note("Its page while it scrolls: usual frame", "", frames.map(median), "ms");
        note("Its page while it scrolls: longest frame", "no visible wait", frames.map((all) => all.at(-1)), "ms");
        note("Resident memory after that", "", [resident(child.pid)], "MB");
      });
    } finally {
      await browser.close();
    }
  });
}

function table() {
  const processor = cpus()[0]?.model.replace(/\s+/g, " ").trim() || "unknown processor";
  const memory = Math.round(totalmem() / 2 ** 30);
  const head = ["what", "target", "median", "range", "runs"];
  const lines = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  return [
    `Taken on ${new Date().toISOString().slice(0, 10)}: ${cpus().length} cores (${processor}), ${memory} GiB, Linux, ` +
      `node ${process.versions.node}; load average ${loads[0]} before and ${loadavg()[0].toFixed(1)} after.`,
    "",
    ...lines,
  ].join("\n");
}

const loads = [loadavg()[0].toFixed(1)];
const only = process.argv.find((word) => word.startsWith("--only="))?.slice(7);
if (only !== "large") {
  await small();
}
if (only !== "small") {
  await large();
}
const text = table();
console.log(text);
if (process.argv.includes("--write")) {
  const path = join(root, "docs/performance.md");
  const marks = /(<!-- figures -->\n)[\s\S]*?(<!-- end of figures -->)/;
  const before = readFileSync(path, "utf8");
  if (!marks.test(before)) {
    throw new Error(`${path} has lost its marks <!-- figures --> and <!-- end of figures -->`);
  }
  writeFileSync(path, before.replace(marks, (_, first, last) => `${first}\n${text}\n\n${last}`));
}
