// What every file of tests on pages begins and ends with: a browser, and tabs in which nothing may go wrong.

import assert from "node:assert/strict";
import { after, before } from "node:test";

import { launch, tab } from "./browser.mjs";

/**
 * A browser for the tests of one file; it ends with them, and so does the site, and then what `forget` clears away.
 * Resolves a page of its own by `on(path, use, options)`, whose troubles must stay none, apart from those that are
 * `forgiven`. `until` is what a page has loaded by; the other options are Playwright's for a context.
 */
export function opening(site, { forget = () => {} } = {}) {
  let browser;
  before(async () => {
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await site.stop();
    forget();
  });
  return async function on(path, use, { forgiven = /^$/, until = "networkidle", ...options } = {}) {
    const { context, page, troubles } = await tab(browser, site.base, options);
    try {
      await page.goto(path, { waitUntil: until });
      await use(page, context);
      assert.deepEqual(troubles.filter((one) => !forgiven.test(one)), []);
    } finally {
      await context.close();
    }
  };
}
