// Builds dist/lib (the library, by tsc) and dist/bin (the CLI, bundled so that each command loads only what it uses).
import { execFileSync } from "node:child_process";
import { chmodSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
rmSync("dist", { recursive: true, force: true });
const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
execFileSync(process.execPath, [tsc, "-p", "tsconfig.json"], { stdio: "inherit" });
await build({
  entryPoints: { confiture: "src/cli/bin.ts", "lane-thread": "src/sync/copy/lane-thread.ts" },
  outdir: "dist/bin",
  bundle: true,
  splitting: true,
  minify: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  // pg looks for Cloudflare by making a Response, which loads Node's whole HTTP client, unless a navigator says otherwise.
  define: { navigator: '{"userAgent":"Node.js"}' },
  // Its other build asks for its parts in a way that cannot be bundled.
  alias: { "jsonc-parser": "jsonc-parser/lib/esm/main.js" },
  chunkNames: "chunk-[hash]",
  external: ["@faker-js/faker", "jiti", "libpg-query", "pg-native", "pg-cloudflare"],
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
  logLevel: "warning",
});
chmodSync("dist/bin/confiture.js", 0o755);
