import { chmodSync, existsSync, mkdirSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { currentHost } from "../../../src/scratch/host.ts";
import { cacheDir, makePrivateDir } from "../../../src/scratch/private-dir.ts";
import { tempDir } from "./temp-dir.ts";

const me = { uid: currentHost().uid, gid: currentHost().gid, isOther: false };

test("XDG_CACHE_HOME, else the home folder, else the folder for temporary files", () => {
  using dir = tempDir();
  const home = join(dir.path, "home");
  mkdirSync(home);
  const hosted = (env: Record<string, string>, homeDir?: string) =>
    cacheDir(currentHost({ env, home: homeDir, tmpdir: dir.path }), me);
  expect(hosted({ XDG_CACHE_HOME: join(dir.path, "xdg") }, home)).toBe(join(dir.path, "xdg", "confiture"));
  expect(hosted({}, home)).toBe(join(home, ".cache", "confiture"));
  expect(hosted({}, join(dir.path, "none"))).toBe(join(dir.path, `confiture-${me.uid}`));
  expect(existsSync(join(dir.path, "none"))).toBe(false);
  expect(hosted({ XDG_CACHE_HOME: "relative" })).toBe(join(dir.path, `confiture-${me.uid}`));
});

test("a folder the server's user cannot enter is passed over", () => {
  using dir = tempDir();
  chmodSync(dir.path, 0o755);
  const home = join(dir.path, "home");
  mkdirSync(home);
  chmodSync(home, 0o700);
  const host = currentHost({ env: {}, home, tmpdir: dir.path });
  const other = { uid: 65500, gid: 65500, isOther: true };
  expect(cacheDir(host, other)).toBe(join(dir.path, `confiture-${me.uid}`));
  expect(existsSync(join(home, ".cache"))).toBe(false);
});

test("a private folder is closed to others, and a link is not taken for one", () => {
  using dir = tempDir();
  const folder = join(dir.path, "folder");
  makePrivateDir(folder, me);
  chmodSync(folder, 0o777);
  makePrivateDir(folder, me);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  symlinkSync(folder, join(dir.path, "link"));
  expect(() => makePrivateDir(join(dir.path, "link"), me)).toThrow(
    expect.objectContaining({ code: "SCRATCH_002" }),
  );
});
