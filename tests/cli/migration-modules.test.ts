import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { testProject } from "../support/project.ts";

test.each([
  [
    "003_a.ts",
    'import { defineMigration } from "confiture";\nenum E { A = "a" }\nexport default defineMigration({ runAs: E.A, up: async () => {} });\n',
  ],
  ["003_a.mts", "export const runAs: string = 'a';\nexport const up = async (): Promise<void> => {};\n"],
  ["003_a.mjs", "export const runAs = 'a';\nexport const up = async () => {};\n"],
  ["003_a.js", "export default class { runAs = 'a'; async up() {} }\n"],
])(
  "the built library loads %s outside of any project that has it installed, and leaves no file",
  (name, text) => {
    const library = resolve("dist/lib/migrate/modules/module-migration.js");
    expect(existsSync(library), "run `npm run build` first").toBe(true);
    using project = testProject({ [name]: text });
    const script = `
    import { readdirSync } from "node:fs";
    const { loadModuleMigration } = await import(${JSON.stringify(pathToFileURL(library).href)});
    const { runAs, up } = await loadModuleMigration(${JSON.stringify(name)});
    console.log(JSON.stringify({ runAs, up: typeof up, files: readdirSync(".") }));`;
    const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
      cwd: project.dir,
      encoding: "utf8",
    });
    expect({ stdout: stdout.trim(), stderr }).toEqual({
      stdout: JSON.stringify({ runAs: "a", up: "function", files: [name] }),
      stderr: "",
    });
  },
);
