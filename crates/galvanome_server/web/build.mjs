// Bundles the scripts and styles of the web application into one folder, with the hash of the content in every
// name, compresses them once, and lists them in `assets.tsv` for build.rs:
//     logical name, file name, media type, ETag
// Beside each `file` stands `file.br`.
//
//     node build.mjs OUT

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";

const out = process.argv[2];
if (!out) {
  console.error("usage: node build.mjs OUT");
  process.exit(2);
}

const MEDIA_TYPES = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

const here = import.meta.dirname;
const bundle = await build({
  absWorkingDir: here,
  // A page names the entries that it needs; what several entries share is in one of them only.
  entryPoints: ["src/app.ts", "src/live.ts", "src/dataset.ts", "styles/app.css"],
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome123", "firefox121", "safari17.5"],
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
  outdir: "out",
  write: false,
});

const files = bundle.outputFiles.map((file) => [basename(file.path), Buffer.from(file.contents)]);
files.push(["icon.svg", readFileSync(join(here, "icon.svg"))]);
files.sort(([a], [b]) => (a < b ? -1 : 1));

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const table = files.map(([name, bytes]) => {
  const end = extname(name);
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  const file = `${basename(name, end)}-${hash}${end}`;
  const packed = brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
  writeFileSync(join(out, file), bytes);
  writeFileSync(join(out, `${file}.br`), packed);
  return [name, file, MEDIA_TYPES[end], `"${hash}"`].join("\t");
});
writeFileSync(join(out, "assets.tsv"), `${table.join("\n")}\n`);
