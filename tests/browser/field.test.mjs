// A campaign with more cells than a page should hold: the field that is drawn on a canvas, and the tables behind it.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";

import { CAMPAIGN, writeLargeCampaign } from "../../scripts/large_campaign.mjs";
import { fullestColumn, metaviewsPath, sublayerPath } from "./addresses.mjs";
import { application } from "./application.mjs";
import { overflow, screens, themes, violations } from "./browser.mjs";
import { opening } from "./opening.mjs";

const source = mkdtempSync(join(tmpdir(), "galvanome-large-"));
await writeLargeCampaign(source, { techniques: 60, observables: 40, components: 1, questions: 2 });
const site = await application({ folders: [source] });
const campaign = site.campaigns.find(({ id }) => id === CAMPAIGN);
const [view] = campaign.views;
const path = metaviewsPath(campaign, view.component);
const on = opening(site, { forget: () => rmSync(source, { recursive: true, force: true }) });

function field(use, { at = path, ...options } = {}) {
  return on(at, use, options);
}

const pages = {
  overview: `/c/${CAMPAIGN}`,
  metaviews: path,
  sublayer: sublayerPath(campaign, { ...view, observable: fullestColumn(view) }),
  techniques: `/c/${CAMPAIGN}/techniques`,
};

for (const [name, at] of Object.entries(pages)) {
  describe(name, () => {
    for (const colorScheme of themes) {
      for (const [screen, viewport] of Object.entries(screens)) {
        it(`${colorScheme}, ${screen}`, () =>
          field(
            async (page) => {
              assert.equal(await overflow(page), null);
              assert.deepEqual(await violations(page), []);
            },
            { at, colorScheme, viewport },
          ));
      }
    }
  });
}

describe("the field", () => {
  it("is drawn, and not in one colour", () =>
    field(async (page) => {
      const colours = await page.locator("gv-field canvas").evaluate((canvas) => {
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        const seen = new Set();
        for (let at = 0; at < data.length; at += 4) {
          seen.add((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
        }
        return seen.size;
      });
      assert.ok(colours > 20, `${colours} colours`);
    }));

  it("moves by arrows, says where it is, and opens by Enter", () =>
    field(async (page) => {
      const cursor = page.locator("gv-field a.cursor");
      const [first, second] = campaign.techniques;
      await cursor.focus();
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowDown");
      const at = await cursor.getAttribute("href");
      assert.equal(at.split("/").at(-2), second.id);
      assert.equal(at.split("/").at(-1), campaign.observables[1].id);
      assert.match(await cursor.getAttribute("aria-label"), new RegExp(`${second.name}|${second.id}`));
      await page.keyboard.press("ArrowUp");
      assert.equal((await cursor.getAttribute("href")).split("/").at(-2), first.id);
      await page.keyboard.press("Control+End");
      const last = (await cursor.getAttribute("href")).split("/");
      assert.equal(last.at(-2), campaign.techniques.at(-1).id);
      const box = await cursor.boundingBox();
      const frame = await page.locator("gv-field").boundingBox();
      assert.ok(box.y >= frame.y && box.y + box.height <= frame.y + frame.height, "the cell is scrolled into view");
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/pixel\//);
      assert.equal(new URL(page.url()).pathname, last.join("/"));
    }));

  it("follows the pointer, and a click opens what was pointed at", () =>
    field(async (page) => {
      const frame = await page.locator("gv-field canvas").boundingBox();
      await page.mouse.move(frame.x + frame.width / 2, frame.y + frame.height / 2);
      await page.mouse.move(frame.x + frame.width / 2 + 2, frame.y + frame.height / 2 + 2);
      const cursor = page.locator("gv-field a.cursor");
      const at = await cursor.getAttribute("href");
      await page.mouse.down();
      await page.mouse.up();
      await page.waitForURL(/\/pixel\//);
      assert.equal(new URL(page.url()).pathname, at);
    }));

  it("scrolls by the wheel", () =>
    field(
      async (page) => {
        const frame = await page.locator("gv-field canvas").boundingBox();
        await page.mouse.move(frame.x + frame.width / 2, frame.y + frame.height / 2);
        await page.mouse.wheel(0, 400);
        await page.waitForFunction(() => document.querySelector("gv-field .scroller").scrollTop > 0);
      },
      { viewport: { width: 1440, height: 700 } },
    ));
});

describe("without scripts", () => {
  it("tables hold the same pixels, some rows at a time", async () => {
    await on(path, async (page) => {
      await page.locator("gv-field a").first().click();
      const found = new Set();
      for (let turn = 0; turn < 50; turn += 1) {
        // A click waits until the next page begins, not until its table is whole.
        await page.waitForLoadState("load");
        const links = page.locator(`main table a[href*="/pixel/${view.component}/"]`);
        for (const href of await links.evaluateAll((all) => all.map((link) => link.getAttribute("href")))) {
          found.add(href);
        }
        const later = page.locator(".pages a", { hasText: "Later" });
        if ((await later.count()) === 0) {
          break;
        }
        await later.click();
      }
      assert.equal(found.size, campaign.techniques.length * campaign.observables.length);
    }, { until: "load", javaScriptEnabled: false });
  });
});
