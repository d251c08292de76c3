import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { currentHost } from "../../../src/scratch/host.ts";
import { canReach, serverEnv, serverUser } from "../../../src/scratch/server-user.ts";
import { tempDir } from "./temp-dir.ts";

const NOBODY = "nobody:x:65534:65533:nobody:/:/bin/false\n";
const POSTGRES = "postgres:x:101:104::/:/bin/sh\n";

test.each([
  ["postgres before nobody", NOBODY + POSTGRES, { uid: 101, gid: 104, isOther: true }],
  ["nobody where there is no postgres", NOBODY, { uid: 65534, gid: 65533, isOther: true }],
  ["a postgres that is root is no help", `postgres:x:0:0::/:/bin/sh\n${NOBODY}`, { uid: 65534 }],
])("root: %s", (_, passwd, expected) => {
  using dir = tempDir();
  const file = join(dir.path, "passwd");
  writeFileSync(file, `root:x:0:0::/root:/bin/sh\n${passwd}`);
  expect(serverUser(currentHost({ uid: 0 }), file)).toMatchObject(expected);
});

test("root without any of them is told so", () => {
  using dir = tempDir();
  const file = join(dir.path, "passwd");
  writeFileSync(file, "root:x:0:0::/root:/bin/sh\n");
  const asRoot = (path: string) => () => serverUser(currentHost({ uid: 0 }), path);
  expect(asRoot(file)).toThrow(expect.objectContaining({ code: "SCRATCH_003" }));
  expect(asRoot(join(dir.path, "none"))).toThrow(expect.objectContaining({ code: "SCRATCH_003" }));
});

test("anyone else runs the server as himself", () => {
  expect(serverUser(currentHost({ uid: 1000, gid: 1001 }))).toEqual({ uid: 1000, gid: 1001, isOther: false });
});

test("a file is reached only through folders that may be entered", () => {
  using dir = tempDir();
  chmodSync(dir.path, 0o755);
  const folder = join(dir.path, "folder");
  mkdirSync(folder);
  chmodSync(folder, 0o711);
  writeFileSync(join(folder, "file"), "");
  chmodSync(join(folder, "file"), 0o644);
  const other = { uid: 65500, gid: 65500, isOther: true };
  expect(canReach(other, join(folder, "file"))).toBe(true);
  expect(canReach(other, folder)).toBe(false); // entered, not listed
  expect(canReach(other, folder, 1)).toBe(true);
  chmodSync(folder, 0o700);
  expect(canReach(other, join(folder, "file"))).toBe(false);
  expect(canReach(other, join(dir.path, "missing"))).toBe(false);
});

test("the server's environment holds no secrets and nothing that steers it", () => {
  const env = {
    PATH: "/bin",
    PGDATA: "/elsewhere",
    DATABASE_URL: "postgresql://u:secret@h/d",
    LANG: "de_DE",
  };
  expect(serverEnv(currentHost({ env }))).toEqual({ PATH: "/bin", LC_ALL: "C" });
});
