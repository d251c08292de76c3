import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { ConfitureError } from "../../base/errors.ts";
import type { Catalog } from "../../coordinate/footprint/catalog.ts";
import { footprintOf } from "../../coordinate/footprint/footprint.ts";
import type { Footprint } from "../../coordinate/footprint/touch.ts";
import { findMigrations, migrationNamed } from "../../migrate/files.ts";
import { readBody } from "../../migrate/migration.ts";
import { decodeUtf8 } from "../../sql/decode-utf8.ts";
import { parseScript } from "../../sql/parse-script.ts";
import type { Script } from "../../sql/script.ts";
import { diff } from "../diff.ts";
import type { SidesOptions } from "../sides/open-sides.ts";
import type { Side } from "../sides/side.ts";

/** The SQL of a change, and where it stands. */
export interface Change {
  readonly scripts: readonly Script[];
  /** Each statement as it is written. */
  readonly statements: readonly string[];
}

/** A change, and what it touches in the base it is run on. */
export interface ChangeOnBase {
  readonly scripts: readonly Script[];
  readonly footprint: Footprint;
}

export const onBase = async ({ scripts }: Change, catalog: Catalog): Promise<ChangeOnBase> => ({
  scripts,
  footprint: await footprintOf(scripts, catalog),
});

export interface ChangeWords {
  /** SQL, or names of `.sql` files, in order. */
  readonly sql?: readonly string[] | undefined;
  /** Versions of migrations, whose way up is meant. */
  readonly migrations?: readonly string[] | undefined;
  readonly migrationsDir: string;
  /** Where relative paths start. */
  readonly cwd: string;
}

/** Throws SCHEMA_200 for SQL that does not parse, CONFIG_004 for a file that is not there, MIGR_100, MIGR_108, CONFIG_008. */
export async function readChange(words: ChangeWords): Promise<Change> {
  const scripts: Script[] = [];
  for (const word of words.sql ?? []) scripts.push(await scriptOf(word, words.cwd));
  if (words.migrations?.length)
    scripts.push(...(await scriptsOfMigrations(words.migrations, words.migrationsDir)));
  return changeOf(scripts);
}

/** The same of statements as an intent keeps them. */
export const changeOfTexts = async (texts: readonly string[]): Promise<Change> =>
  changeOf(await Promise.all(texts.map((text) => parseScript({ text }, "SCHEMA_200"))));

/** What is planned to bring one side to the other. Throws as `diff`, DIFFER_408 where nothing differs. */
export async function changeBetween(from: Side, to: Side, options: SidesOptions): Promise<Change> {
  const { plan } = await diff(from, to, options);
  if (plan === null) throw new ConfitureError("DIFFER_408", `${from.label} is what ${to.label} says`);
  return changeOfTexts(plan.steps.map((step) => step.sql));
}

function changeOf(scripts: readonly Script[]): Change {
  const statements = scripts.flatMap((script) => script.statements.map(({ text }) => text));
  if (statements.length > 0) return { scripts, statements };
  throw new ConfitureError("CONFIG_008", "there is no statement in what is to be changed");
}

const isFile = (word: string): boolean => /\.sql$/i.test(word.trim()) && !/[;\n]/.test(word);

async function scriptOf(word: string, cwd: string): Promise<Script> {
  if (!isFile(word)) return parseScript({ text: word }, "SCHEMA_200");
  const file = word.trim();
  return parseScript({ text: decodeUtf8(read(resolve(cwd, file), file), file), file }, "SCHEMA_200");
}

function read(path: string, file: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new ConfitureError("CONFIG_004", `${file} cannot be read`, { file, cause });
  }
}

async function scriptsOfMigrations(versions: readonly string[], dir: string): Promise<Script[]> {
  const files = await findMigrations(dir);
  const bodies = await Promise.all(versions.map((version) => readBody(migrationNamed(files, version), "up")));
  return bodies.map(({ script, file }) => {
    if (script !== undefined) return script;
    throw new ConfitureError(
      "CONFIG_008",
      `${file} is a module: what it changes is not known before it runs`,
      {
        file,
      },
    );
  });
}
