// Datasets: curves that are alive and linked, exports of what is seen, and files that are dropped, broken off and sent on.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";

import { datasetsPath } from "./addresses.mjs";
import { application } from "./application.mjs";
import { screens, violations } from "./browser.mjs";
import { cyclerText, spectraText } from "./files.mjs";
import { opening } from "./opening.mjs";

const site = await application();
const campaign = site.campaigns.find(({ datasets }) => datasets.some(({ path }) => path !== ""));
const held = campaign.datasets.find(({ path }) => path !== "");
const folder = mkdtempSync(join(tmpdir(), "galvanome-files-"));
const on = opening(site, { forget: () => rmSync(folder, { recursive: true, force: true }) });

/** What part of the time is seen, as the address says it. */
function seen(page) {
  const { searchParams } = new URL(page.url());
  return ["from", "to"].map((name) => (searchParams.has(name) ? Number(searchParams.get(name)) : null));
}

/** A file with a text. */
function fileOf(name, text) {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** Uploads a file through the page of datasets, and waits until all is done. */
async function upload(page, file, address) {
  await page.selectOption("#up-experiment", held.experiment);
  await page.selectOption("#up-sample", held.samples[0]);
  await page.setInputFiles("#up-file", file);
  await page.locator(".drop-form button").click();
  await page.waitForURL(address);
  // The page asks on by itself until both steps are done, then loads anew.
  await page.waitForFunction(() => !document.querySelector("#work li") && document.querySelector(".ds-found"), null, { timeout: 30_000 });
}

const path = datasetsPath(campaign, held);

describe("curves", () => {
  it("zoom together by keys, and the address and the exports follow", async () => {
    await on(path, async (page) => {
      const charts = page.locator("gv-chart[data-curve=time].alive");
      assert.ok((await charts.count()) >= 2, "voltage and current are alive");
      const [, end] = (await charts.first().getAttribute("data-span")).split(",").map(Number);
      await charts.first().focus();
      await page.keyboard.press("+");
      await page.waitForFunction(() => location.search.includes("from="));
      assert.deepEqual(seen(page), [end / 4, (3 * end) / 4]);
      await page.keyboard.press("ArrowRight");
      await page.waitForFunction((before) => !location.search.includes(`from=${before}&`), end / 4);
      assert.ok(seen(page)[0] > end / 4);
      const links = await page.locator('[data-export="time:"] a').evaluateAll((all) => all.map((link) => link.href));
      assert.ok(links.length === 3 && links.every((link) => link.includes(`from=${seen(page)[0]}`)));
      for (const [link, kind] of links.map((link, at) => [link, ["text/csv", "image/svg+xml", "image/png"][at]])) {
        const answer = await fetch(link);
        assert.ok(answer.headers.get("content-type").startsWith(kind), link);
      }
      await page.keyboard.press("0");
      await page.waitForFunction(() => !location.search.includes("from="));
      assert.ok(await page.locator("[data-zoom=reset]").isDisabled());
    });
  });

  it("are zoomed by dragging, and open again at an address", async () => {
    await on(path, async (page, context) => {
      const box = await page.locator("gv-chart[data-curve=time] .u-over").first().boundingBox();
      await page.mouse.move(box.x + box.width * 0.25, box.y + 30);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.5, box.y + 60, { steps: 4 });
      await page.mouse.up();
      await page.waitForFunction(() => location.search.includes("from="));
      const [from, to] = seen(page);
      assert.ok(from > 0 && to > from);
      const again = await context.newPage();
      await again.goto(page.url(), { waitUntil: "networkidle" });
      assert.deepEqual(seen(again), [from, to]);
      assert.ok(await again.locator("[data-zoom=reset]").isEnabled());
      await again.locator("[data-zoom=reset]").click();
      await again.waitForFunction(() => !location.search.includes("from="));
    });
  });

  it("say what is under the pointer, in every linked chart", async () => {
    await on(path, async (page) => {
      const box = await page.locator("gv-chart[data-curve=time] .u-over").first().boundingBox();
      await page.mouse.move(box.x + box.width * 0.4, box.y + 30);
      await page.waitForFunction(() => document.querySelectorAll(".chart-read:not(:empty)").length >= 2);
      const said = await page.locator(".chart-read").allTextContents();
      assert.match(said[0], / h · [\d.]+ V$/);
      assert.match(said[1], / h · [−\d.]+ m?A$/);
    });
  });

  it("compare the cycles that are asked for", async () => {
    await on(path, async (page) => {
      await page.fill("#cycles-i", "2, 4");
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => location.search.includes("cycles=2%2C4"));
      assert.deepEqual(await page.locator("[data-legend=cycles] li").allInnerTexts(), ["2", "4"]);
    });
  });

  it("of cycles fit what is compared, and their exports follow their zoom", async () => {
    await on(path, async (page) => {
      await page.fill("#cycles-i", "12");
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => location.search.includes("cycles=12"));
      await page.waitForLoadState("networkidle");
      const links = page.locator("[data-export=charge] a");
      const table = await (await fetch(await links.first().evaluate((link) => link.href))).text();
      const most = Math.max(...table.trim().split("\n").slice(1).map((line) => Number(line.split(",")[1])));
      await page.locator("gv-chart[data-curve=charge]").focus();
      await page.keyboard.press("+");
      await page.waitForFunction(() => document.querySelector("[data-export=charge] a").href.includes("from="));
      for (const link of await links.evaluateAll((all) => all.map((one) => one.href))) {
        const { searchParams } = new URL(link);
        assert.ok(Math.abs(Number(searchParams.get("to")) / most - 0.75) < 1e-9, link);
        assert.equal((await fetch(link)).status, 200, link);
      }
    });
  });

  it("are drawn without scripts, and the cycles are a form", async () => {
    await on(
      path,
      async (page) => {
        assert.ok((await page.locator("gv-chart .chart-field path.curve:visible").count()) >= 3);
        await page.fill("#cycles-i", "3");
        await page.locator("form:has(#cycles-i) button").click();
        assert.equal(new URL(page.url()).searchParams.get("cycles"), "3");
        assert.equal(await page.locator("#cycles-i").inputValue(), "3");
      },
      { javaScriptEnabled: false },
    );
  });

  it("are zoomed by two fingers on a narrow screen", async () => {
    await on(
      path,
      async (page) => {
        const chart = page.locator("gv-chart[data-curve=time]").first();
        await chart.scrollIntoViewIfNeeded();
        const box = await chart.locator(".u-over").boundingBox();
        const client = await page.context().newCDPSession(page);
        const touch = (type, ...shares) =>
          client.send("Input.dispatchTouchEvent", {
            type,
            touchPoints: shares.map((share, id) => ({ x: box.x + share * box.width, y: box.y + 40, id })),
          });
        await touch("touchStart", 0.4, 0.6);
        await touch("touchMove", 0.3, 0.7);
        await touch("touchMove", 0.1, 0.9);
        await touch("touchEnd");
        await page.waitForFunction(() => location.search.includes("from="));
        const [, end] = (await chart.getAttribute("data-span")).split(",").map(Number);
        const [from, to] = seen(page);
        assert.ok(to - from < end / 2, `${from} to ${to} of ${end}`);
      },
      { viewport: screens.narrow, hasTouch: true, isMobile: true },
    );
  });
});

describe("uploads", () => {
  const file = fileOf("Zelle 7.csv", cyclerText(3000));

  it("a chosen file is read and analysed, with its progress shown", async () => {
    await on(datasetsPath(campaign), async (page) => {
      await page.selectOption("#up-experiment", held.experiment);
      const samples = await page.locator("#up-sample option").allInnerTexts();
      assert.ok(samples.includes(held.samples[0]));
      await upload(page, file, /datasets\/Zelle_7/);
      assert.ok((await page.locator("gv-chart").count()) >= 4);
      assert.ok((await page.locator(".ds-found").innerText()).includes("Discharge capacity"));
      assert.match(await page.locator(".ds-said").innerText(), /^What the analysis says of them echem \d+$/);
      assert.ok((await page.locator(".ds-said + .ds-notes li").count()) > 0);
      assert.deepEqual(await violations(page), []);
    });
  });

  it("the same file again is recognised", async () => {
    await on(datasetsPath(campaign, { id: "Zelle_7" }), async (page) => {
      await page.setInputFiles("#up-file", file);
      await page.locator(".drop-form button").click();
      await page.waitForSelector(".drop-state a");
      assert.match(await page.locator(".drop-state").innerText(), /is here already, byte for byte: Zelle_7/);
    });
  });

  it("a dropped file goes on after the connection broke", async () => {
    const other = fileOf("dropped.csv", cyclerText(2000));
    await on(
      datasetsPath(campaign, held),
      async (page) => {
        let broken = 0;
        await page.route("**/uploads/*", (route) => {
          if (route.request().method() === "PATCH" && broken < 2) {
            broken += 1;
            return route.abort("connectionreset");
          }
          return route.continue();
        });
        const bytes = await page.evaluateHandle(async (text) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([text], "dropped.csv", { type: "text/csv" }));
          return transfer;
        }, readFileSync(other, "utf8"));
        await page.dispatchEvent("main", "dragenter", { dataTransfer: bytes });
        assert.ok(await page.evaluate(() => document.body.classList.contains("dropping")));
        await page.dispatchEvent("main", "drop", { dataTransfer: bytes });
        await page.waitForURL(/datasets\/dropped/, { timeout: 20_000 });
        assert.equal(broken, 2);
      },
      { forgiven: /request failed: .*\/uploads\// },
    );
  });

  it("an experiment must be named, and nothing is sent without a file", async () => {
    await on(datasetsPath(campaign), async (page) => {
      await page.selectOption("#up-experiment", held.experiment);
      await page.locator(".drop-form button").click();
      assert.equal(await page.locator(".drop-state").innerText(), "Choose a file first.");
    });
  });
});

describe("exports", () => {
  it("say how many rows a table of numbers stands for, at every zoom", async () => {
    const file = fileOf("long.csv", cyclerText(40_000));
    await on(datasetsPath(campaign), async (page) => {
      await upload(page, file, /datasets\/long/);
      const says = () => page.locator('[data-export="time:"] a span').first().textContent();
      await page.waitForSelector("gv-chart[data-curve=time].alive");
      assert.equal((await says()).replaceAll("\u202f", " "), "least and greatest of 8192 steps through 40 000 rows; every row of up to 32 768");
      await page.locator("gv-chart[data-curve=time]").first().focus();
      await page.keyboard.press("+");
      await page.waitForFunction(() => document.querySelector('[data-export="time:"] a span').textContent.startsWith("all "));
      const [rows] = /\d+/.exec((await says()).replaceAll("\u202f", ""));
      const link = await page.locator('[data-export="time:"] a').first().evaluate((one) => one.href);
      const lines = (await (await fetch(link)).text()).trim().split("\n").length - 1;
      assert.ok(Math.abs(lines - Number(rows)) <= 1, `${lines} lines, said to be ${rows}`);
    });
  });
});

describe("impedance", () => {
  const address = datasetsPath(campaign, { id: "eis" });

  /** Pixels that one ohm takes across and down, as the scales say it. */
  const scales = (page) =>
    page.locator("svg.plane").evaluate((plane) => {
      const ticks = (anchor, at) => [...plane.querySelectorAll(`text[text-anchor=${anchor}]`)].map((text) => [Number(text.textContent.replace("\u2212", "-")), Number(text.getAttribute(at))]);
      const each = (all) => Math.abs((all.at(-1)[1] - all[0][1]) / (all.at(-1)[0] - all[0][0]));
      return [each(ticks("middle", "x")), each(ticks("end", "y"))];
    });

  it("is drawn on equal axes, and against frequency", async () => {
    const file = fileOf("eis.csv", spectraText(7));
    await on(datasetsPath(campaign), async (page) => {
      await upload(page, file, /datasets\/eis/);
      await page.waitForSelector("gv-chart.square.alive svg.plane");
      const [across, down] = await scales(page);
      assert.ok(Math.abs(across / down - 1) < 0.01, `${across} and ${down} pixels each ohm`);
      assert.equal(await page.locator("svg.plane path.curve").count(), 5);
      assert.equal(await page.locator("gv-chart[data-curve=bode].alive").count(), 2);
      assert.equal(await page.locator("#spectra h2").innerText(), "Impedance 7 spectra, 357 points");
      assert.deepEqual(await violations(page), []);
    });
  });

  it("shows in the plane the frequencies that are zoomed to, and the address and the exports follow", async () => {
    await on(address, async (page, context) => {
      await page.waitForSelector("svg.plane");
      const before = await page.locator("svg.plane circle").count();
      await page.locator("gv-chart[data-curve=bode]").first().focus();
      await page.keyboard.press("+");
      await page.waitForFunction(() => location.search.includes("hertz="));
      await page.waitForFunction((many) => document.querySelectorAll("svg.plane circle").length < many, before);
      const [across, down] = await scales(page);
      assert.ok(Math.abs(across / down - 1) < 0.01);
      const links = await page.locator("[data-export=nyquist] a, [data-export=bode] a").evaluateAll((all) => all.map((link) => link.href));
      assert.equal(links.length, 6);
      const table = (await (await fetch(links[0])).text()).trim().split("\n");
      assert.match(table[0], /^spectrum,frequency_hertz,real_impedance_ohm,imaginary_impedance_ohm,absolute_impedance_ohm,phase_degree$/);
      const [low, high] = new URL(page.url()).searchParams.get("hertz").split(",").map(Number);
      for (const line of table.slice(1)) {
        const hertz = Number(line.split(",")[1]);
        assert.ok(hertz >= low * 0.999 && hertz <= high * 1.001, line);
      }
      for (const link of links) {
        assert.equal((await fetch(link)).status, 200, link);
      }
      const again = await context.newPage();
      await again.goto(page.url(), { waitUntil: "networkidle" });
      assert.equal(await again.locator("svg.plane circle").count(), await page.locator("svg.plane circle").count());
    });
  });

  it("compares the spectra that are asked for", async () => {
    await on(address, async (page) => {
      await page.fill("#spectra-i", "2, 7");
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => location.search.includes("spectra=2%2C7"));
      await page.waitForFunction(() => document.querySelectorAll("svg.plane path.curve").length === 2);
      const legend = await page.locator("[data-legend=spectra] li").allInnerTexts();
      assert.equal(legend.length, 2);
      assert.match(legend[0], /^2\s+172 s$/);
    });
  });

  it("tells the point that is next to the pointer", async () => {
    await on(address, async (page) => {
      const dot = page.locator("svg.plane circle.r6").first();
      await dot.scrollIntoViewIfNeeded();
      const box = await dot.boundingBox();
      await page.mouse.move(box.x + box.width / 2 + 2, box.y + box.height / 2);
      const read = page.locator("figure:has(gv-chart.square) .chart-read");
      assert.match(await read.innerText(), /^spectrum \d · [\d.]+ Hz · [\d.]+ [−+] [\d.]+ i Ω$/);
    });
  });

  it("is drawn without scripts", async () => {
    await on(
      address,
      async (page) => {
        assert.equal(await page.locator("gv-chart.square path.curve:visible").count(), 5);
        await page.fill("#spectra-i", "3");
        await page.locator("#spectra .choose button").click();
        assert.equal(new URL(page.url()).searchParams.get("spectra"), "3");
        assert.equal(await page.locator("gv-chart.square path.curve:visible").count(), 1);
      },
      { javaScriptEnabled: false },
    );
  });
});
