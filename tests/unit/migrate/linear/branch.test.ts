import { expect, test } from "vitest";
import { findMigrations } from "../../../../src/migrate/files.ts";
import { branchOf } from "../../../../src/migrate/linear/branch.ts";
import { stemOf } from "../../../../src/migrate/linear/sum.ts";
import { migrationFiles, testProject } from "../../../support/project.ts";

type Texts = Readonly<Record<string, string>>;

/** The names that a branch with these migrations has of each sort. */
async function branch(here: Texts, base: Texts, fork: Texts | undefined) {
  using project = testProject({ "here/.keep": "", "base/.keep": "", "fork/.keep": "" });
  for (const [folder, texts] of Object.entries({ here, base, fork: fork ?? {} }))
    for (const [file, text] of Object.entries(migrationFiles(texts)))
      project.write(file.replace("db/migrations", folder), text);
  const read = (folder: string) => findMigrations(project.path(folder));
  const found = branchOf({
    here: await read("here"),
    base: await read("base"),
    fork: fork && (await read("fork")),
  });
  const { newest, ...lists } = found;
  const names = Object.entries(lists).map(([sort, list]) => [sort, list.map(stemOf)]);
  return {
    ...Object.fromEntries(names.filter(([, list]) => list!.length > 0)),
    newest: newest && stemOf(newest),
  };
}

const AB = { "1_a": "a", "2_b": "b" };

test("what the branch added, and what the base did since", async () => {
  expect(await branch({ ...AB, "3_c": "c" }, { ...AB, "3_d": "d" }, AB)).toEqual({
    added: ["3_c"],
    missing: ["3_d"],
    newest: "3_d",
  });
  expect(await branch({ ...AB, "3_c": "c" }, {}, {})).toEqual({
    added: ["1_a", "2_b", "3_c"],
    newest: undefined,
  });
});

test("changed here, changed in the base, and the same change in both", async () => {
  expect(await branch({ ...AB, "2_b": "!" }, AB, AB)).toEqual({ changed: ["2_b"], newest: "2_b" });
  expect(await branch(AB, { ...AB, "2_b": "!" }, AB)).toEqual({ newest: "2_b" });
  expect(await branch({ ...AB, "2_b": "!" }, { ...AB, "2_b": "!" }, AB)).toEqual({ newest: "2_b" });
});

test("removed here, and removed in the base", async () => {
  expect(await branch({ "1_a": "a" }, AB, AB)).toEqual({ removed: ["2_b"], newest: "2_b" });
  expect(await branch(AB, { "1_a": "a" }, AB)).toEqual({ newest: "1_a" });
});

test("one name for two migrations: the branch's own is an addition", async () => {
  expect(await branch({ ...AB, "3_c": "mine" }, { ...AB, "3_c": "theirs" }, AB)).toEqual({
    added: ["3_c"],
    missing: ["3_c"],
    newest: "3_c",
  });
});

test("without the common commit: what is older than something shared was removed here", async () => {
  expect(await branch({ "2_b": "b", "4_d": "d" }, { ...AB, "3_c": "c" }, undefined)).toEqual({
    added: ["4_d"],
    removed: ["1_a"],
    missing: ["3_c"],
    newest: "3_c",
  });
  expect(await branch({ ...AB, "2_b": "!" }, AB, undefined)).toEqual({ changed: ["2_b"], newest: "2_b" });
});

test("a squash of the base's migrations is neither an addition nor a removal", async () => {
  const squashed = { "2_squashed": "-- confiture: squashes 1 2\nselect 1;" };
  expect(await branch({ ...squashed, "3_c": "c" }, AB, AB)).toEqual({ added: ["3_c"], newest: "2_b" });
  expect(await branch(AB, squashed, AB)).toEqual({ missing: ["2_squashed"], newest: "2_squashed" });
});
