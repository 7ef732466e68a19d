// The publication figure in all five forms, and the one that opens pixels with no server.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, before, describe, it } from "node:test";

import { components, metaviewsPath } from "./addresses.mjs";
import { application } from "./application.mjs";
import { launch, overflow, tab, themes, violations } from "./browser.mjs";

const site = await application();
const folder = mkdtempSync(join(tmpdir(), "galvanome-figures-"));
let browser;

before(async () => {
  browser = await launch();
});

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
  await site.stop();
});

const FORMS = [
  { form: "svg", type: "image/svg+xml", begins: "<" },
  { form: "png", type: "image/png", begins: "\x89PNG\r\n" },
  { form: "pdf", type: "application/pdf", begins: "%PDF-1." },
  { form: "csv", type: "text/csv", begins: "" },
  { form: "html", type: "text/html", begins: "<!" },
];

const figure = (campaign, form, component) =>
  `${site.base}/c/${campaign.id}/figure.${form}?component=${encodeURIComponent(component)}`;

for (const campaign of site.campaigns) {
  describe(campaign.id, () => {
    for (const { form, type, begins } of FORMS) {
      it(`as ${form}`, async () => {
        for (const component of components(campaign)) {
          const answer = await fetch(figure(campaign, form, component));
          assert.equal(answer.status, 200);
          assert.equal(answer.headers.get("content-type").split(";")[0], type);
          const bytes = Buffer.from(await answer.arrayBuffer());
          assert.ok(bytes.length > 500, `${bytes.length} bytes`);
          assert.equal(bytes.subarray(0, begins.length).toString("latin1"), begins);
          if (["svg", "html"].includes(form)) {
            const text = bytes.toString("utf8");
            assert.doesNotMatch(text, /(?:src|xlink:href)="https?:|url\(\s*["']?https?:|@import/, "it loads nothing");
          }
        }
      });
    }

    it("as CSV it holds every pixel of the component", async () => {
      const [component] = components(campaign);
      const text = await (await fetch(figure(campaign, "csv", component))).text();
      const pixels = campaign.views.filter((view) => view.component === component).length *
        campaign.techniques.length * campaign.observables.length;
      const lines = text.trimEnd().split("\n").length;
      assert.ok(lines > campaign.techniques.length, `${lines} lines for ${pixels} pixels`);
      for (const { id } of campaign.techniques) {
        assert.ok(text.includes(id), `${id} is missing`);
      }
    });

    it("the page offers all five to be kept", async () => {
      const [component] = components(campaign);
      const html = await (await fetch(site.base + metaviewsPath(campaign, component))).text();
      for (const { form } of FORMS) {
        assert.match(html, new RegExp(`figure\\.${form}\\?`), `no link to the ${form}`);
      }
    });

    for (const theme of themes) {
      it(`as one HTML file with no server, ${theme}`, async () => {
        const [component] = components(campaign);
        const html = await (await fetch(figure(campaign, "html", component))).text();
        const file = join(folder, `${campaign.id}-${theme}.html`);
        writeFileSync(file, html);
        const address = pathToFileURL(file).href;
        const { context, page, troubles } = await tab(browser, site.base, { colorScheme: theme });
        try {
          await page.goto(address, { waitUntil: "load" });
          const away = troubles.filter((line) => line !== `asked another host: ${address}`);
          assert.deepEqual(away, []);
          assert.equal(await overflow(page), null);
          assert.deepEqual(await violations(page), []);
        } finally {
          await context.close();
        }
      });
    }
  });
}
