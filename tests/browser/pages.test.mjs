// Every page in both themes, wide and narrow: accessible, quiet, at home, and within the screen.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { addresses } from "./addresses.mjs";
import { application } from "./application.mjs";
import { launch, overflow, screens, shift, tab, themes, violations } from "./browser.mjs";

// The list of pages is known once the application runs, so it starts before the tests are declared.
const site = await application();
const pages = addresses(site.campaigns);
let browser;

before(async () => {
  browser = await launch();
});

after(async () => {
  await browser?.close();
  assert.equal(await site.stop(), 0, "the server stops cleanly on SIGTERM");
});

for (const { name, path, status = 200 } of pages) {
  describe(`${name} ${path}`, () => {
    for (const theme of themes) {
      for (const [screen, viewport] of Object.entries(screens)) {
        it(`${theme}, ${screen}`, async () => {
          const { context, page, troubles } = await tab(browser, site.base, {
            colorScheme: theme,
            viewport,
            expected: [status],
          });
          try {
            const answer = await page.goto(path, { waitUntil: "load" });
            assert.equal(answer.status(), status);
            assert.equal(await page.locator("html").getAttribute("lang"), "en");
            assert.equal(await page.locator("h1").count(), 1, "one heading of the first level");
            assert.ok((await page.title()).length > 0, "a title");
            assert.equal(await overflow(page), null);
            assert.deepEqual(await violations(page), []);
            const jumped = await shift(page);
            assert.ok(jumped < 0.02, `the layout shifted by ${jumped.toFixed(3)}`);
            assert.deepEqual(troubles, []);
          } finally {
            await context.close();
          }
        });
      }
    }

    it("at 320 pixels, as at 400 % zoom, nothing sticks out", async () => {
      const { context, page } = await tab(browser, site.base, { viewport: { width: 320, height: 256 } });
      try {
        await page.goto(path, { waitUntil: "load" });
        assert.equal(await overflow(page), null);
      } finally {
        await context.close();
      }
    });
  });
}
