import { existsSync, readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import type { HookDatabase } from "../../../../src/migrate/hooks/hook.ts";
import { runModule } from "../../../../src/migrate/hooks/hook-module.ts";
import { EVENT, hookCall } from "./hook-call.ts";

const KEEP = `import { writeFileSync } from "node:fs";
const keep = async (event, { db }) => {
  const rows = db === undefined ? null : await db.query("select 1", [2]);
  writeFileSync(new URL("event.json", import.meta.url), JSON.stringify({ event, rows }));
};
`;

const TYPED = `import { writeFileSync } from "node:fs";
import { join } from "node:path";
interface Event { readonly point: string }
enum Rows { None = "none" }
export const hook = async (event: Event, _: { db: unknown }): Promise<void> =>
  writeFileSync(join(import.meta.dirname ?? __dirname, "event.json"), JSON.stringify({ event, rows: Rows.None }));
`;

test.each([
  ["default.mjs", `${KEEP}export default keep;`, null],
  ["named.mjs", `${KEEP}export { keep as hook };`, null],
  ["typed.ts", TYPED, "none"],
  ["typed.mts", TYPED, "none"],
  [
    "common.js",
    `module.exports = (event) => require("fs").writeFileSync(__dirname + "/event.json", JSON.stringify({ event, rows: 1 }));`,
    1,
  ],
])("%s gets the event", async (file, text, rows) => {
  const { call, project } = hookCall({ [`hooks/${file}`]: text });
  expect(await runModule(`./hooks/${file}`, call)).toEqual({});
  const kept: unknown = JSON.parse(readFileSync(project.path("hooks/event.json"), "utf8"));
  expect(kept).toEqual({ event: EVENT, rows });
});

test("TypeScript leaves no cache behind", async () => {
  const { call, project } = hookCall({ "a.ts": TYPED, "package.json": "{}", "node_modules/.keep": "" });
  await runModule("a.ts", call);
  expect(existsSync(project.path("node_modules/.cache"))).toBe(false);
});

/** A database that remembers what it was asked. */
function rememberingDatabase(): HookDatabase & { readonly asked: unknown[] } {
  const asked: unknown[] = [];
  return {
    asked,
    execute: async (...all) => asked.push(all),
    query: async (...all) => {
      asked.push(all);
      return [{ one: 1 }];
    },
  };
}

test("a hook can use the database, until it is over", async () => {
  const db = rememberingDatabase();
  const late = `export default async (event, { db, signal }) => {
    globalThis.lateDatabase = { db, signal };
    await db.execute("insert");
  };`;
  const { call } = hookCall({ "late.mjs": late, "keep.mjs": `${KEEP}export default keep;` }, { db });
  expect(await runModule("keep.mjs", call)).toEqual({});
  expect(await runModule("late.mjs", call)).toEqual({});
  const kept = Reflect.get(globalThis, "lateDatabase") as { db: HookDatabase; signal: AbortSignal };
  await expect(kept.db.execute("update")).rejects.toThrow("the hook is over");
  await expect(kept.db.query("select")).rejects.toThrow("the hook is over");
  expect(kept.signal.aborted).toBe(true);
  expect(db.asked).toEqual([
    ["select 1", [2]],
    ["insert", undefined],
  ]);
});

test.each([
  ["throws.mjs", 'export default () => { throw new Error("no backup"); }', "failed: no backup"],
  ["rejects.mjs", 'export default async () => { throw "a text"; }', "failed: a text"],
  ["empty.mjs", "export const run = () => {};", "failed: it exports no function"],
  ["typo.ts", "export default async (: => {}", "failed: "],
  ["missing.mjs", undefined, "failed: Cannot find module"],
])("%s fails", async (file, text, wanted) => {
  const { call } = hookCall(text === undefined ? {} : { [file]: text });
  expect((await runModule(file, call)).error).toContain(wanted);
});

const ENDLESS = "export default (event, { signal }) => new Promise(() => { globalThis.endless = signal; });";

test("one that outlives its time is abandoned, and told so", async () => {
  const { call } = hookCall({ "endless.mjs": ENDLESS }, { timeoutMs: 1000 });
  expect(await runModule("endless.mjs", call)).toEqual({ error: "was abandoned after 1000 ms" });
  expect((Reflect.get(globalThis, "endless") as AbortSignal).aborted).toBe(true);
});

test("an interrupted run abandons its hook", async () => {
  const interrupt = new AbortController();
  const { call } = hookCall({ "endless.mjs": ENDLESS }, { signal: interrupt.signal });
  const running = runModule("endless.mjs", call);
  await wait(50);
  interrupt.abort(new Error("stop"));
  expect(await running).toEqual({ error: "was abandoned, because the run was interrupted" });
});
