// Datasets: curves that are alive and linked, exports of what is seen, and files that are dropped, broken off and sent on.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";

import { datasetsPath } from "./addresses.mjs";
import { application } from "./application.mjs";
import { launch, screens, tab, violations } from "./browser.mjs";

const site = await application();
const campaign = site.campaigns.find(({ datasets }) => datasets.some(({ path }) => path !== ""));
const held = campaign.datasets.find(({ path }) => path !== "");
const folder = mkdtempSync(join(tmpdir(), "galvanome-files-"));
let browser;

before(async () => {
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await site.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A page of its own, whose troubles must stay none, apart from those that the test makes. */
async function on(path, use, { forgiven = /^$/, ...options } = {}) {
  const { context, page, troubles } = await tab(browser, site.base, options);
  try {
    await page.goto(path, { waitUntil: "networkidle" });
    await use(page, context);
    assert.deepEqual(troubles.filter((one) => !forgiven.test(one)), []);
  } finally {
    await context.close();
  }
}

/** What part of the time is seen, as the address says it. */
function seen(page) {
  const { searchParams } = new URL(page.url());
  return ["from", "to"].map((name) => (searchParams.has(name) ? Number(searchParams.get(name)) : null));
}

/** A cycler's file with so many rows. */
function cyclerFile(name, rows) {
  const lines = ["test_time_second,voltage_volt,current_ampere,cycle_count"];
  for (let row = 0; row < rows; row += 1) {
    const within = (row % 600) / 600;
    const current = within < 0.5 ? 0.1 : -0.1;
    lines.push(`${row * 10},${(3 + Math.abs(0.5 - Math.abs(within - 0.5)) * 2).toFixed(4)},${current},${1 + Math.floor(row / 600)}`);
  }
  const path = join(folder, name);
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
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
      const links = await page.locator("[data-export=time] a").evaluateAll((all) => all.map((link) => link.href));
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
      assert.deepEqual(await page.locator("[data-legend] li").allInnerTexts(), ["2", "4"]);
    });
  });

  it("are drawn without scripts, and the cycles are a form", async () => {
    await on(
      path,
      async (page) => {
        assert.ok((await page.locator("gv-chart .chart-field path.curve:visible").count()) >= 3);
        await page.fill("#cycles-i", "3");
        await page.locator(".choose button").click();
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
  const file = cyclerFile("Zelle 7.csv", 3000);

  it("a chosen file is read and analysed, with its progress shown", async () => {
    await on(datasetsPath(campaign), async (page) => {
      await page.selectOption("#up-experiment", held.experiment);
      const samples = await page.locator("#up-sample option").allInnerTexts();
      assert.ok(samples.includes(held.samples[0]));
      await page.selectOption("#up-sample", held.samples[0]);
      await page.setInputFiles("#up-file", file);
      await page.locator(".drop-form button").click();
      await page.waitForURL(/datasets\/Zelle_7/);
      // The page asks on by itself until both steps are done, then loads anew.
      await page.waitForFunction(() => !document.querySelector("#work li") && document.querySelector(".ds-found"), null, { timeout: 30_000 });
      assert.ok((await page.locator("gv-chart").count()) >= 4);
      assert.ok((await page.locator(".ds-found").innerText()).includes("Discharge capacity"));
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
    const other = cyclerFile("dropped.csv", 2000);
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
