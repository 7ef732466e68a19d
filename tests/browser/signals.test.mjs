// Signals and images: a series of patterns as a picture above the spectra that are chosen in it; slices of a volume.

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { datasetsPath } from "./addresses.mjs";
import { application } from "./application.mjs";
import { screens, themes, violations } from "./browser.mjs";
import { scansText, stackBytes, upload } from "./files.mjs";
import { opening } from "./opening.mjs";

const site = await application();
const campaign = site.campaigns.find(({ datasets }) => datasets.some(({ path }) => path !== ""));
const { experiment, samples } = campaign.datasets.find(({ path }) => path !== "");
const on = opening(site);
const { id } = await upload(site.base, campaign.id, { experiment, sample: samples[0], name: "scans.xrdml", text: scansText(40) });
const path = datasetsPath(campaign, { id });
const volume = await upload(site.base, campaign.id, { experiment, sample: samples[0], name: "ball.tif", bytes: stackBytes(24) });
const shown = (page) => page.locator("[data-legend=shown] li").allInnerTexts();

describe("a series", () => {
  it("is a picture in which a click chooses a spectrum", async () => {
    await on(path, async (page) => {
      await page.waitForSelector("gv-chart[data-curve=spectrum].alive");
      assert.deepEqual(await shown(page), ["1", "20", "40"]);
      const field = page.locator(".raster-field");
      const box = await field.boundingBox();
      await page.mouse.click(box.x + box.width / 2, box.y + (box.height * 10.5) / 40);
      await page.waitForFunction(() => location.search.includes("shown=11"));
      assert.deepEqual(await shown(page), ["11"]);
      await page.mouse.click(box.x + box.width / 2, box.y + (box.height * 30.5) / 40, {});
      await page.waitForFunction(() => location.search.includes("shown=31"));
      await field.focus();
      await page.keyboard.press("ArrowUp");
      await page.waitForFunction(() => location.search.includes("shown=30"));
      const links = await page.locator("[data-export=spectrum] a").evaluateAll((all) => all.map((link) => link.href));
      for (const link of links) {
        assert.ok(link.includes("spectra=30"), link);
        assert.equal((await fetch(link)).status, 200, link);
      }
    });
  });

  it("is coloured by what is seen of its spectra", async () => {
    await on(path, async (page) => {
      const picture = page.locator(".raster-field img");
      const before = await picture.getAttribute("src");
      await page.locator("gv-chart[data-curve=spectrum]").focus();
      await page.keyboard.press("+");
      await page.waitForFunction((old) => document.querySelector(".raster-field img").getAttribute("src") !== old, before);
      const now = new URL(await picture.evaluate((image) => image.src));
      assert.ok(Number(now.searchParams.get("from")) > 17 && Number(now.searchParams.get("to")) < 19);
      assert.equal((await fetch(now)).status, 200);
    });
  });

  it("is seen on a logarithmic scale when asked for", async () => {
    await on(path, async (page) => {
      const button = page.locator("[data-scale]").first();
      const chart = page.locator("gv-chart[data-curve=spectrum]").first();
      await button.click();
      assert.equal(await button.getAttribute("aria-pressed"), "true");
      assert.equal(await chart.getAttribute("data-log"), "y");
      await button.click();
      assert.equal(await chart.getAttribute("data-log"), "");
    });
  });

  for (const colorScheme of themes) {
    for (const screen of Object.keys(screens)) {
      it(`violates no rule of access, ${colorScheme} and ${screen}`, async () => {
        await on(
          path,
          async (page) => {
            await page.waitForSelector("gv-chart.alive");
            assert.deepEqual(await violations(page), []);
            const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
            assert.ok(wide <= 0, `${wide} pixels too wide`);
          },
          { colorScheme, viewport: screens[screen] },
        );
      });
    }
  }

  it("is drawn without scripts", async () => {
    await on(
      path,
      async (page) => {
        assert.ok(await page.locator(".raster-field img").isVisible());
        assert.equal(await page.locator("gv-chart[data-curve=spectrum] path.curve").count(), 3);
        await page.fill("#shown-i", "7");
        await page.locator(".ds-shown button").click();
        assert.equal(await page.locator("gv-chart[data-curve=spectrum] path.curve").count(), 1);
        assert.ok(page.url().includes("shown=7"));
      },
      { javaScriptEnabled: false },
    );
  });
});

describe("a volume", () => {
  const slices = datasetsPath(campaign, { id: volume.id });

  it("is shown slice by slice, and the address follows", async () => {
    await on(slices, async (page, context) => {
      const image = page.locator(".slice-field img");
      const loaded = () => image.evaluate((one) => [one.naturalWidth, one.naturalHeight]);
      assert.deepEqual(await loaded(), [24, 24]);
      await page.locator("#slice").focus();
      await page.keyboard.press("Home");
      await page.waitForFunction(() => location.search.includes("slice=1"));
      await page.waitForFunction(() => document.querySelector(".slice-field img").src.includes("at=1"));
      assert.equal(await page.locator(".slice-hands output").innerText(), "1");
      const again = await context.newPage();
      await again.goto(page.url(), { waitUntil: "networkidle" });
      assert.equal(await again.locator("#slice").inputValue(), "1");
    });
  });

  it("is cut in another direction", async () => {
    await on(slices, async (page) => {
      await page.selectOption("#cut", "x");
      await page.waitForURL(/cut=x/);
      assert.match(await page.locator(".slice-field img").getAttribute("src"), /cut=x/);
    });
  });

  it("violates no rule of access, and says what each slice holds", async () => {
    await on(slices, async (page) => {
      await page.waitForSelector("gv-chart[data-curve=profile].alive");
      assert.deepEqual(await violations(page), []);
    });
  });

  it("is shown without scripts", async () => {
    await on(
      slices,
      async (page) => {
        assert.ok(await page.locator(".slice-field img").isVisible());
        await page.selectOption("#cut", "y");
        await page.locator(".slice-hands button").click();
        assert.ok(page.url().includes("cut=y"));
      },
      { javaScriptEnabled: false },
    );
  });
});
