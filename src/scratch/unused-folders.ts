import { readdirSync, realpathSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import type { Host } from "./host.ts";
import { socketDir } from "./local-server.ts";
import { findPostmaster } from "./postmaster.ts";

const UNUSED_AFTER_MS = 30 * 24 * 3_600_000;

/** Record that a folder of the cache is in use, for `removeUnused`. */
export const markUsed = (host: Host, folder: string): void =>
  utimesSync(folder, host.now() / 1000, host.now() / 1000);

/** Remove the servers and copied programs that were not used for a month, as after a change of version. */
export function removeUnused(host: Host, parent: string): void {
  for (const entry of readdirSync(parent, { withFileTypes: true })) {
    const folder = join(parent, entry.name);
    if (!entry.isDirectory() || host.now() - statSync(folder).mtimeMs < UNUSED_AFTER_MS) continue;
    const real = realpathSync(folder);
    if (findPostmaster(host, real) !== undefined) continue;
    rmSync(socketDir(host, real), { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  }
}
