// The metaviews by keyboard and by mouse: moving, opening, coming back, filtering, highlighting, the tooltip.

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { metaviewsPath, pixelPath } from "./addresses.mjs";
import { application } from "./application.mjs";
import { screens } from "./browser.mjs";
import { opening } from "./opening.mjs";

const site = await application();
const campaign = site.campaigns.find(({ id }) => id === "lno-graphite");
const view = campaign.views.find(({ component }) => component === "LNO");
const path = metaviewsPath(campaign, view.component);
const { techniques, observables } = campaign;
const on = opening(site);

/** A tab on the metaviews, in which nothing may go wrong. */
function matrices(use, { at = path, ...options } = {}) {
  return on(at, use, { until: "load", ...options });
}

/** The cell of a row and a column, both from 0, in the matrix of the view's question. */
function cell(page, row, column) {
  const at = pixelPath(campaign, { ...view, technique: techniques[row].id, observable: observables[column].id });
  return page.locator(`table[data-grid] td a[href="${at}"]`);
}

const focused = (page) => page.evaluate(() => document.activeElement?.getAttribute("href") ?? document.activeElement?.id);

async function isFocused(page, row, column) {
  assert.equal(await focused(page), await cell(page, row, column).getAttribute("href"), `row ${row}, column ${column}`);
}

/** The techniques whose rows stand out in the matrix of the view's question: filters dim the others, nothing moves. */
async function rowsSeen(page) {
  const marks = page.locator(
    `table[data-grid] td:first-of-type a[href*="/pixel/${view.component}/${view.question}/"] > svg`,
  );
  // Dimming takes a moment; what counts is where it ends.
  await page.waitForFunction(() => document.getAnimations().length === 0);
  return marks.evaluateAll((all) =>
    all
      .filter((mark) => Number(getComputedStyle(mark).opacity) > 0.5)
      .map((mark) => mark.parentElement.getAttribute("href").split("/").at(-2)),
  );
}

/** The techniques that have a value in a list-like attribute of their row. */
function rowsWith(page, attribute, value) {
  return page
    .locator(`#q-${view.question} tbody tr`)
    .evaluateAll(
      (rows, [name, wanted]) =>
        rows
          .filter((row) => row.getAttribute(name).split(" ").includes(wanted))
          .map((row) => row.querySelector("td a").getAttribute("href").split("/").at(-2)),
      [attribute, value],
    );
}

describe("by keyboard", () => {
  it("the first stop leads past the head of the page", () =>
    matrices(async (page) => {
      await page.keyboard.press("Tab");
      const skip = page.locator(":focus");
      assert.equal(await skip.getAttribute("href"), "#main");
      assert.ok(await skip.isVisible(), "the skip link is seen while it has the focus");
      await page.keyboard.press("Enter");
      assert.equal(await focused(page), "main");
    }));

  it("arrows move from cell to cell and stop at the edges", () =>
    matrices(async (page) => {
      await cell(page, 0, 0).focus();
      await page.keyboard.press("ArrowRight");
      await isFocused(page, 0, 1);
      await page.keyboard.press("ArrowDown");
      await isFocused(page, 1, 1);
      await page.keyboard.press("ArrowLeft");
      await isFocused(page, 1, 0);
      await page.keyboard.press("ArrowUp");
      await isFocused(page, 0, 0);
      await page.keyboard.press("End");
      await isFocused(page, 0, observables.length - 1);
      await page.keyboard.press("Home");
      await isFocused(page, 0, 0);
    }));

  it("a matrix is one stop of the tab key, not one for each cell", () =>
    matrices(async (page) => {
      const stops = await page
        .locator(`table[data-grid] td a[href*="/pixel/${view.component}/${view.question}/"]`)
        .evaluateAll((links) => links.filter((link) => link.tabIndex >= 0).length);
      assert.equal(stops, 1);
    }));

  it("Enter opens the pixel, and back returns to the cell", () =>
    matrices(async (page) => {
      await cell(page, 2, 2).focus();
      const opened = await cell(page, 2, 2).getAttribute("href");
      await page.keyboard.press("Enter");
      await page.waitForURL(`**${opened}`);
      await page.goBack({ waitUntil: "load" });
      assert.equal(new URL(page.url()).pathname, path);
      assert.ok(await cell(page, 2, 2).isVisible());
    }));

  it("what has the focus can be seen", () =>
    matrices(async (page) => {
      await cell(page, 0, 0).focus();
      await page.keyboard.press("ArrowRight");
      const drawn = await page.locator(":focus").evaluate((link) => {
        const marked = (element) => {
          const style = getComputedStyle(element);
          return style.outlineStyle !== "none" || style.boxShadow !== "none";
        };
        return marked(link) || marked(link.parentElement) || [...link.children].some(marked);
      });
      assert.ok(drawn, "neither an outline nor a shadow");
    }));

  for (const [screen, viewport] of Object.entries(screens)) {
    it(`focus is never under something else, ${screen}`, () =>
      matrices(
        async (page) => {
          for (let stop = 0; stop < 25; stop += 1) {
            await page.keyboard.press("Tab");
            const covered = await page.evaluate(() => {
              const element = document.activeElement;
              const { left, top, width, height } = element.getBoundingClientRect();
              if (width === 0 || element === document.body) {
                return null;
              }
              const hit = document.elementFromPoint(left + width / 2, top + height / 2);
              const within = hit && (element.contains(hit) || hit.contains(element));
              return within ? null : `${element.outerHTML.slice(0, 120)} is under ${hit?.outerHTML.slice(0, 120)}`;
            });
            assert.equal(covered, null);
          }
        },
        { viewport },
      ));
  }
});

describe("filters", () => {
  for (const [control, attribute] of [["facility", "data-f"], ["support", "data-s"], ["mode", "data-m"]]) {
    it(`${control}: the same rows with scripts, without, and from the address`, async () => {
      const values = [];
      await matrices(async (page) => {
        const all = page.locator(`[data-control="${control}"] a[data-value]`);
        values.push(...(await all.evaluateAll((links) => links.map((link) => link.dataset.value).filter(Boolean))));
      });
      assert.ok(values.length >= 2, `${control} offers ${values}`);
      let narrowed = 0;
      for (const value of values) {
        const seen = {};
        let address;
        for (const javaScriptEnabled of [true, false]) {
          await matrices(
            async (page) => {
              await page.locator(`[data-control="${control}"] a[data-value="${value}"]`).click();
              await page.waitForURL((url) => url.searchParams.get(control) === value);
              seen[javaScriptEnabled] = await rowsSeen(page);
              address = new URL(page.url());
              assert.deepEqual(
                seen[javaScriptEnabled],
                await rowsWith(page, attribute, value),
                `${control} ${value} shows other rows`,
              );
            },
            { javaScriptEnabled },
          );
        }
        assert.deepEqual(seen.true, seen.false, `${control} ${value}`);
        assert.ok(seen.true.length > 0, `${control} ${value} shows nothing`);
        narrowed += seen.true.length < techniques.length ? 1 : 0;
        await matrices(async (page) => assert.deepEqual(await rowsSeen(page), seen.true), {
          at: address.pathname + address.search,
        });
      }
      assert.ok(narrowed > 0, `${control} never leaves a row out`);
    });
  }

  it("two filters hold together, and clearing them brings every row back", () =>
    matrices(async (page) => {
      const all = await rowsSeen(page);
      assert.equal(all.length, techniques.length);
      const choose = (control, value) => page.locator(`[data-control="${control}"] a[data-value="${value}"]`).click();
      await choose("facility", "synchrotron");
      const some = await rowsSeen(page);
      await choose("support", "surface");
      const few = await rowsSeen(page);
      assert.ok(few.length < some.length && few.every((id) => some.includes(id)), `${few} of ${some}`);
      await choose("facility", "");
      await choose("support", "");
      assert.deepEqual(await rowsSeen(page), all);
      assert.equal(new URL(page.url()).search, "");
    }));

  it("back from a pixel returns to the filtered view", () =>
    matrices(async (page) => {
      await page.locator('[data-control="facility"] a[data-value="neutron"]').click();
      const seen = await rowsSeen(page);
      await cell(page, techniques.length - 1, 2).click();
      await page.waitForURL(/\/pixel\//);
      await page.goBack({ waitUntil: "load" });
      assert.deepEqual(await rowsSeen(page), seen);
      assert.equal(seen.length, 2);
    }));

  for (const javaScriptEnabled of [true, false]) {
    it(`rows are put in order by depth, ${javaScriptEnabled ? "with" : "without"} scripts`, () =>
      matrices(
        async (page) => {
          const published = await rowsSeen(page);
          assert.deepEqual(published, techniques.map(({ id }) => id));
          await page.locator('[data-control="order"] a[data-value="depth"]').click();
          await page.waitForURL(/order=depth/);
          const deep = await rowsSeen(page);
          assert.notDeepEqual(deep, published);
          assert.deepEqual([...deep].sort(), [...published].sort());
        },
        { javaScriptEnabled },
      ));
  }
});

describe("highlights and tooltips", () => {
  for (const javaScriptEnabled of [true, false]) {
    it(`a row is highlighted from the address, ${javaScriptEnabled ? "with" : "without"} scripts`, () =>
      matrices(
        async (page) => {
          const pinned = await page
            .locator("tbody tr.pin th[scope=row]:visible")
            .evaluateAll((heads) => heads.map((head) => head.innerText.trim()));
          assert.ok(pinned.length >= 1, "no row is highlighted");
        },
        { at: `${path}?row=ndp`, javaScriptEnabled },
      ));
  }

  it("hovering a cell says what is in it, Escape sends it away, and the cell stays free", () =>
    matrices(async (page) => {
      const target = cell(page, techniques.findIndex(({ id }) => id === "ndp"), 2);
      await target.hover();
      const tip = page.locator("gv-tip");
      await page.waitForFunction(() => document.querySelector("gv-tip")?.innerText.trim().length > 0);
      assert.match((await tip.innerText()).toLowerCase(), /yes/);
      const [over, under] = [await tip.boundingBox(), await target.boundingBox()];
      assert.ok(over, "the tooltip is seen");
      const apart =
        over.x >= under.x + under.width || over.x + over.width <= under.x ||
        over.y >= under.y + under.height || over.y + over.height <= under.y;
      assert.ok(apart, "the tooltip covers the cell that it speaks of");
      await page.keyboard.press("Escape");
      await page.waitForFunction(() => {
        const { width, height } = document.querySelector("gv-tip").getBoundingClientRect();
        const shown = getComputedStyle(document.querySelector("gv-tip"));
        return width * height === 0 || shown.visibility === "hidden" || shown.opacity === "0" || shown.display === "none";
      });
    }));
});

describe("the theme", () => {
  it("turns over by its button, stays on the next page, and goes back", () =>
    matrices(
      async (page) => {
        const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        const light = await paper();
        await page.locator("[data-theme-switch]").click();
        const dark = await paper();
        assert.notEqual(dark, light);
        await page.goto("/", { waitUntil: "load" });
        assert.equal(await paper(), dark);
        await page.locator("[data-theme-switch]").click();
        assert.equal(await paper(), light);
      },
      { colorScheme: "light" },
    ));
});

it("an address that was mailed opens the pixel in a browser that was never here", async () => {
  const address = pixelPath(campaign, { ...view, technique: "ndp", observable: "lithium-distribution" });
  await on("about:blank", async (page) => {
    const answer = await page.goto(address, { waitUntil: "load" });
    assert.equal(answer.status(), 200);
    assert.match(await page.locator("main").innerText(), /NDP/);
  });
});
