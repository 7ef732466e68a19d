// Starts the application as a user does: the demo in a fresh data folder, every other example beside it.

import { execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The root of the repository. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** The binary under test: `GALVANOME_BINARY`, or the debug build of this checkout. */
export function binary() {
  const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
  const path = process.env.GALVANOME_BINARY ?? join(target, "debug", "galvanome");
  if (!existsSync(path)) {
    throw new Error(`${path} is not there: run \`cargo build --locked\`, or name a binary in GALVANOME_BINARY`);
  }
  return path;
}

/** Folders of the examples that `demo` does not import by itself. */
export function otherExamples() {
  const examples = join(root, "examples");
  return readdirSync(examples)
    .map((name) => join(examples, name))
    .filter((folder) => existsSync(join(folder, "campaign.toml")))
    .filter((folder) => !/^id\s*=\s*"lno-graphite"/m.test(readFileSync(join(folder, "campaign.toml"), "utf8")));
}

/**
 * Starts `galvanome VERB` on a free port. Resolves to `{ base, address, child, milliseconds, stop }` when the address
 * is printed; `base` has no slash at its end, and `stop` resolves to the exit status.
 */
export async function start(verb, data, { program = binary() } = {}) {
  const began = performance.now();
  const child = spawn(program, [verb, "--listen", "127.0.0.1:0", "--data", data], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1" },
  });
  let said = "";
  child.stderr.on("data", (piece) => (said += piece));
  const ended = new Promise((done) => child.once("exit", (status, signal) => done(status ?? signal)));
  const stop = async (signal = "SIGTERM") => {
    child.kill(signal);
    const late = setTimeout(() => child.kill("SIGKILL"), 15_000);
    const status = await ended;
    clearTimeout(late);
    return status;
  };
  const address = await new Promise((found, failed) => {
    const late = setTimeout(() => failed(new Error(`no address within 60 s; it said:\n${said}`)), 60_000);
    createInterface({ input: child.stdout }).on("line", (line) => {
      const match = /http:\/\/\S+/.exec(line);
      if (match) {
        clearTimeout(late);
        found(match[0]);
      }
    });
    ended.then((status) => {
      clearTimeout(late);
      failed(new Error(`\`galvanome ${verb}\` ended with ${status}; it said:\n${said}`));
    });
  }).catch(async (error) => {
    await stop();
    throw error;
  });
  const milliseconds = performance.now() - began;
  return { base: address.replace(/\/$/, ""), address, child, milliseconds, stop, said: () => said };
}

/** Runs `galvanome` with arguments and resolves to its standard output. */
export async function galvanome(...args) {
  const { stdout } = await run(binary(), args, { maxBuffer: 1 << 28 });
  return stdout;
}

/**
 * The demo with every example in it, and with the campaigns of further `folders`. Resolves to `{ base, data, campaigns, stop }`; a campaign is `{ id, views,
 * observables, techniques, datasets }` as the API tells it.
 */
export async function application({ folders = [] } = {}) {
  const data = mkdtempSync(join(tmpdir(), "galvanome-browser-"));
  const forget = () => rmSync(data, { recursive: true, force: true });
  let server;
  try {
    server = await start("demo", data);
    for (const folder of [...otherExamples(), ...folders]) {
      await galvanome("campaign", "import", folder, "--data", data);
    }
    const list = await json(`${server.base}/api/v1/campaigns`);
    const campaigns = [];
    for (const { id } of list.items) {
      const { views, observables, techniques } = await json(`${server.base}/api/v1/campaigns/${id}/metaviews`);
      const { items: datasets } = await json(`${server.base}/api/v1/campaigns/${id}/datasets`);
      campaigns.push({ id, views, observables, techniques, datasets });
    }
    const stop = async () => {
      const status = await server.stop();
      forget();
      return status;
    };
    return { base: server.base, data, campaigns, stop };
  } catch (error) {
    await server?.stop();
    forget();
    throw error;
  }
}

/** Fetches a JSON document, or says what came instead. */
export async function json(address) {
  const answer = await fetch(address, { headers: { accept: "application/json" } });
  const text = await answer.text();
  if (!answer.ok) {
    throw new Error(`${address} answered ${answer.status}:\n${text.slice(0, 500)}`);
  }
  return JSON.parse(text);
}
