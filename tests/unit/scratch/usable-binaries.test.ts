import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { currentHost } from "../../../src/scratch/host.ts";
import { makeUsable } from "../../../src/scratch/usable-binaries.ts";
import { tempDir } from "./temp-dir.ts";

const me = { uid: currentHost().uid, gid: currentHost().gid, isOther: false };

function packageIn(folder: string) {
  const native = join(folder, "native");
  for (const name of ["bin", "lib/postgresql", "share/postgresql"]) {
    mkdirSync(join(native, name), { recursive: true });
  }
  writeFileSync(join(native, "bin", "postgres"), "program", { mode: 0o755 });
  writeFileSync(join(native, "bin", "initdb"), "program", { mode: 0o755 });
  writeFileSync(join(native, "lib", "libpq.so.5.18"), "library");
  const links = [{ source: "native/lib/libpq.so.5.18", target: "native/lib/libpq.so.5" }];
  writeFileSync(join(native, "pg-symlinks.json"), JSON.stringify(links));
  return { major: 18, version: "18.4", binDir: join(native, "bin"), origin: "npm" as const };
}

test("makes the links the package's install script would have made, and finds them made", () => {
  using dir = tempDir();
  const binaries = packageIn(dir.path);
  expect(makeUsable(currentHost(), me, binaries)).toBe(binaries);
  expect(readFileSync(join(dir.path, "native/lib/libpq.so.5"), "utf8")).toBe("library");
  expect(makeUsable(currentHost(), me, binaries)).toBe(binaries);
});

test("what the server's user cannot reach is copied once, open to all and complete", () => {
  using dir = tempDir();
  chmodSync(dir.path, 0o755);
  const project = join(dir.path, "project");
  const binaries = packageIn(project);
  chmodSync(project, 0o700);
  const host = currentHost({ env: {}, home: undefined, tmpdir: dir.path });
  const other = { uid: 65500, gid: 65500, isOther: true };
  const copy = makeUsable(host, other, binaries);
  expect(copy.binDir).not.toContain(project);
  expect(readFileSync(join(copy.binDir, "../lib/libpq.so.5"), "utf8")).toBe("library");
  expect(makeUsable(host, other, binaries)).toEqual(copy);
  expect(readdirSync(join(copy.binDir, "../.."))).toHaveLength(1);
});
