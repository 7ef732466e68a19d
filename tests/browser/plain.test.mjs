// Without JavaScript every page still says what it has to say, links work, and filters are forms.

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { addresses, cellsByAnswer, components, metaviewsPath, pixelPath } from "./addresses.mjs";
import { application } from "./application.mjs";
import { opening } from "./opening.mjs";

const site = await application();
const on = opening(site);

/** A tab in which no script runs, on a page. */
function plain(path, use, options = {}) {
  return on(path, use, { until: "load", javaScriptEnabled: false, ...options });
}

const FEW = 4000;

for (const campaign of site.campaigns) {
  describe(campaign.id, () => {
    it("the matrices hold every pixel, and each is a link", async () => {
      for (const component of components(campaign)) {
        const views = campaign.views.filter((view) => view.component === component);
        const pixels = views.length * campaign.techniques.length * campaign.observables.length;
        if (pixels > FEW) {
          continue;
        }
        await plain(metaviewsPath(campaign, component), async (page) => {
          const links = page.locator(`main a[href*="/c/${campaign.id}/pixel/${component}/"]`);
          const seen = new Set(await links.evaluateAll((all) => all.map((link) => link.getAttribute("href"))));
          assert.equal(seen.size, pixels);
        });
      }
    });

    it("a pixel opens by its link and says its answer", async () => {
      for (const cell of cellsByAnswer(campaign)) {
        const path = pixelPath(campaign, cell);
        await plain(metaviewsPath(campaign, cell.component), async (page) => {
          await page.locator(`main a[href="${path}"]`).first().click();
          assert.equal(new URL(page.url()).pathname, path);
          const said = (await page.locator("main").innerText()).toLowerCase();
          const word = cell.answer.replace("_", " ");
          assert.ok(said.includes(word), `${path} does not say "${word}"`);
        });
      }
    });
  });
}

it("what needs scripts is not offered", async () => {
  for (const { path, status } of addresses(site.campaigns)) {
    if (status) {
      continue;
    }
    await plain(path, async (page) => {
      assert.equal(await page.locator(".needs-js:visible").count(), 0, path);
    });
  }
});
