// Every link of every page leads somewhere, and pages are polite to caches.

import assert from "node:assert/strict";
import { after, it } from "node:test";

import { components, metaviewsPath } from "./addresses.mjs";
import { application } from "./application.mjs";

const site = await application();
after(() => site.stop());

/** Addresses that a page of HTML names, to be followed or loaded. */
function named(html, from) {
  const found = [];
  for (const [, , address] of html.matchAll(/\s(href|src|hx-get|action)="([^"]*)"/g)) {
    const plain = address.replaceAll("&amp;", "&").replaceAll("&#38;", "&");
    if (plain && !/^(data|mailto|javascript):/.test(plain)) {
      found.push(new URL(plain, from));
    }
  }
  return found;
}

it("every link leads somewhere", async () => {
  const start = `${site.base}/`;
  const seen = new Set([start]);
  const waiting = [{ address: start, from: "the start" }];
  const broken = [];
  while (waiting.length > 0) {
    const batch = waiting.splice(0, 8);
    await Promise.all(
      batch.map(async ({ address, from }) => {
        const answer = await fetch(address);
        const body = await answer.text();
        if (!answer.ok) {
          broken.push(`${address} answered ${answer.status}, linked from ${from}`);
          return;
        }
        if (!(answer.headers.get("content-type") ?? "").startsWith("text/html")) {
          return;
        }
        for (const url of named(body, answer.url)) {
          if (url.origin !== new URL(site.base).origin) {
            continue;
          }
          url.hash = "";
          // Choices multiply: filters are followed one at a time.
          if (url.searchParams.size > 1) {
            continue;
          }
          if (!seen.has(url.href)) {
            seen.add(url.href);
            waiting.push({ address: url.href, from: address });
          }
        }
      }),
    );
  }
  assert.deepEqual(broken.slice(0, 20), []);
  assert.ok(seen.size > 500, `only ${seen.size} addresses were found: where are the pixels?`);
});

it("fragments point at something on their page", async () => {
  const broken = [];
  const [campaign] = site.campaigns;
  for (const path of ["/", `/c/${campaign.id}`, metaviewsPath(campaign, components(campaign)[0]), "/techniques"]) {
    const html = await (await fetch(site.base + path)).text();
    const ids = new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id));
    for (const [, id] of html.matchAll(/\shref="#([^"]+)"/g)) {
      if (!ids.has(decodeURIComponent(id))) {
        broken.push(`${path}#${id}`);
      }
    }
  }
  assert.deepEqual(broken, []);
});

it("no page names another host to load anything from", async () => {
  for (const campaign of site.campaigns) {
    const html = await (await fetch(site.base + metaviewsPath(campaign, components(campaign)[0]))).text();
    const loaded = [...html.matchAll(/<(?:script|link|img|iframe|source)\b[^>]*?\s(?:src|href)="(https?:[^"]*)"/g)];
    assert.deepEqual(loaded.map(([, address]) => address), []);
  }
});

it("a page that has not changed is not sent again", async () => {
  for (const campaign of site.campaigns) {
    for (const path of [
      metaviewsPath(campaign, components(campaign)[0]),
      `/api/v1/campaigns/${campaign.id}/metaviews`,
    ]) {
      const first = await fetch(site.base + path);
      await first.arrayBuffer();
      const etag = first.headers.get("etag");
      assert.ok(etag, `${path} has no ETag`);
      const second = await fetch(site.base + path, { headers: { "if-none-match": etag } });
      assert.equal(second.status, 304, path);
    }
  }
});
