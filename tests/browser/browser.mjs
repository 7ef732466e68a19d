// A browser that notices trouble: errors on the console, scripts that throw, requests that fail or leave the house.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { chromium } from "playwright-core";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Width and height of the two screens, in CSS pixels. */
export const screens = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } };

/** The two themes. */
export const themes = ["light", "dark"];

function executable() {
  if (process.env.CHROMIUM) {
    return process.env.CHROMIUM;
  }
  if (existsSync("/usr/bin/chromium")) {
    return "/usr/bin/chromium";
  }
  return execFileSync("sh", ["-c", "command -v chromium || command -v chromium-browser || command -v google-chrome"], {
    encoding: "utf8",
  }).trim();
}

/** Starts Chromium without its own traffic. */
export function launch() {
  return chromium.launch({
    executablePath: executable(),
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/**
 * A tab of its own. `options` are Playwright's for a context. `troubles` fills with whatever went wrong, in words;
 * a failed answer with a status in `expected` is not trouble.
 */
export async function tab(browser, base, { expected = [], ...options } = {}) {
  const context = await browser.newContext({
    baseURL: base,
    viewport: screens.wide,
    reducedMotion: "reduce",
    acceptDownloads: true,
    ...options,
  });
  const troubles = [];
  context.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (!["data:", "blob:"].includes(protocol) && origin !== new URL(base).origin) {
      troubles.push(`asked another host: ${request.url()}`);
    }
  });
  context.on("requestfailed", (request) => {
    // A page that is left while it loads breaks off its requests, and a download is "aborted" by being one.
    const why = request.failure()?.errorText ?? "";
    if (why !== "net::ERR_ABORTED") {
      troubles.push(`request failed: ${request.url()} ${why}`);
    }
  });
  context.on("response", (response) => {
    if (response.status() >= 400 && !expected.includes(response.status())) {
      troubles.push(`answered ${response.status()}: ${response.url()}`);
    }
  });
  context.on("console", (message) => {
    const failed = message.text().startsWith("Failed to load resource");
    if (["error", "warning"].includes(message.type()) && !failed) {
      troubles.push(`console ${message.type()}: ${message.text()}`);
    }
  });
  context.on("weberror", (error) => troubles.push(`script threw: ${error.error().message}`));
  const page = await context.newPage();
  if (options.javaScriptEnabled !== false) {
    // What scripts add comes with the frame after the first paint; a hand is never as quick, a test is.
    const go = page.goto.bind(page);
    page.goto = async (...where) => {
      const answer = await go(...where);
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
      return answer;
    };
  }
  return { context, page, troubles };
}

/** What axe finds against WCAG 2.2 AA on the page as it stands, one line for each violation. */
export async function violations(page) {
  await page.evaluate(axeSource);
  const found = await page.evaluate(
    (tags) =>
      globalThis.axe.run(document, {
        runOnly: { type: "tag", values: tags },
        rules: { "target-size": { enabled: true } },
        resultTypes: ["violations"],
      }),
    TAGS,
  );
  return found.violations.map(({ id, help, nodes }) => {
    const where = nodes.slice(0, 3).map((node) => `${node.target.join(" ")}: ${node.any[0]?.message ?? node.failureSummary}`);
    return `${id} (${help}), ${nodes.length} times:\n  ${where.join("\n  ")}`;
  });
}

/** By how many pixels the document is wider than the screen, and what sticks out. */
export function overflow(page) {
  return page.evaluate(() => {
    const room = document.documentElement.clientWidth;
    const beyond = document.documentElement.scrollWidth - room;
    if (beyond <= 0) {
      return null;
    }
    const clipped = (element) => {
      for (let up = element.parentElement; up && up !== document.body; up = up.parentElement) {
        if (getComputedStyle(up).overflowX !== "visible") {
          return true;
        }
      }
      return false;
    };
    const out = [...document.body.querySelectorAll("*")]
      .filter((element) => element.getBoundingClientRect().right > room + 1 && !clipped(element))
      .slice(0, 5)
      .map((element) => `<${element.tagName.toLowerCase()} class="${element.getAttribute("class") ?? ""}">`);
    return `the document is ${beyond} px wider than the screen: ${out.join(", ")}`;
  });
}

/** How far the page's content jumped after it was first painted (cumulative layout shift). */
export function shift(page) {
  return page.evaluate(
    () =>
      new Promise((done) => {
        let sum = 0;
        const observer = new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) {
            sum += entry.hadRecentInput ? 0 : entry.value;
          }
        });
        observer.observe({ type: "layout-shift", buffered: true });
        requestAnimationFrame(() => requestAnimationFrame(() => done(sum)));
      }),
  );
}
