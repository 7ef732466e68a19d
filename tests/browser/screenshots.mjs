// Pictures of every kind of page: light and dark, wide and narrow.
//
//     node tests/browser/screenshots.mjs              the paper's campaign, into docs/screenshots
//     node tests/browser/screenshots.mjs FOLDER       every page that the browser tests look at

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { addresses, datasetsPath } from "./addresses.mjs";
import { application, root } from "./application.mjs";
import { launch, screens, tab, themes } from "./browser.mjs";
import { spectraText, upload } from "./files.mjs";
import { reduced } from "./palette.mjs";

const [, , given] = process.argv;
const folder = given ?? join(root, "docs/screenshots");
const LARGEST = 300_000;

/** What the documents show. */
const KINDS = [
  "campaigns",
  "techniques",
  "lno-graphite-overview",
  "lno-graphite-metaviews-LNO",
  "lno-graphite-metaviews-Graphite",
  "lno-graphite-sublayer",
  "lno-graphite-pixel-yes",
  "lno-graphite-technique",
  "invented-solid-state-datasets",
  "invented-solid-state-dataset-held",
  "invented-solid-state-dataset-impedance",
];

mkdirSync(folder, { recursive: true });
const site = await application();
const browser = await launch();
try {
  // The examples hold no spectra; these are of a circuit.
  const invented = site.campaigns.find(({ id }) => id === "invented-solid-state");
  const held = invented.datasets.findLast(({ path }) => path !== "");
  const pages = addresses(site.campaigns);
  const [sample] = held.samples;
  const spectra = await upload(site.base, invented.id, { experiment: held.experiment, sample, name: "impedance.csv", text: spectraText(7) });
  pages.push({ name: `${invented.id}-dataset-impedance`, path: datasetsPath(invented, spectra) });
  for (const { name, path, status = 200 } of pages) {
    if (!given && !KINDS.includes(name)) {
      continue;
    }
    for (const theme of themes) {
      for (const [screen, viewport] of Object.entries(screens)) {
        const { context, page } = await tab(browser, site.base, {
          colorScheme: theme,
          viewport,
          expected: [status],
          timezoneId: "Europe/Paris",
          locale: "en-GB",
        });
        await page.goto(path, { waitUntil: "networkidle" });
        const file = join(folder, `${name}-${screen}-${theme}.png`);
        const picture = reduced(await page.screenshot({ fullPage: true, animations: "disabled" }));
        writeFileSync(file, picture);
        await context.close();
        console.log(`${picture.length > LARGEST ? "TOO LARGE " : ""}${file}: ${Math.round(picture.length / 1000)} kB`);
      }
    }
  }
} finally {
  await browser.close();
  await site.stop();
}
