import { posix } from "node:path";
import { sql } from "../../../sql/tag.ts";
import { tableSql, utc } from "../history-table.ts";
import { type Part, type Refusal, type SourceDir, wholeFile } from "../source-dir.ts";
import { defineTool, type ToolMigration } from "../tool.ts";
import { misnamed, readEach, sequenceVersion, stemOf, withoutUp } from "../tool-files.ts";

const FILE = /^([VUBR])([\d._]*)__(.*)\.sql$/;
const CALLBACK = /^(?:before|after)[A-Z]\w*\.sql$|^createSchema(?:__.*)?\.sql$/;

interface Row {
  readonly version: string | null;
  readonly type: string;
  readonly script: string;
  readonly success: boolean;
  readonly applied_at: string;
}

export const flyway = defineTool({
  name: "flyway",
  table: "flyway_schema_history",
  columns: ["installed_rank", "version", "type", "script", "installed_on", "success"],

  /** A version has a row for every undo and redo; the newest counts. */
  async readHistory(db, table) {
    const rows = await db.rows<Row>(sql`
      select version, type, script, success, ${utc(sql`installed_on`)} as applied_at
      from ${tableSql(table)} order by installed_rank`);
    const newest = [...new Map(rows.filter((row) => row.version !== null).map((row) => [row.version!, row]))];
    const isBaseline = ([, row]: (typeof newest)[number]) => row.type.endsWith("BASELINE");
    const isGone = ([, row]: (typeof newest)[number]) => /^UNDO|^DELETE$/.test(row.type);
    const baselines = newest.filter(isBaseline).map(([version]) => partsOf(version));
    const standing = newest
      .filter((one) => !isBaseline(one) && !isGone(one))
      .toSorted(([, a], [, b]) => rows.indexOf(a) - rows.indexOf(b));
    return {
      applied: standing.map(([version, row]) => ({
        key: keyOf(version),
        label: version,
        appliedAt: row.applied_at,
      })),
      covers: (key) =>
        /^[\d.]+$/.test(key) && baselines.some((below) => compareParts(partsOf(key), below) <= 0),
      undone: newest.filter(isGone).map(([version]) => version),
      unclean: rows.filter((row) => !row.success).map((row) => `${row.script} has success = false`),
      warnings: rows
        .filter((row) => row.version === null && row.type !== "SCHEMA")
        .map((row) => `${row.script} is repeatable and is not marked; such files belong in db/repeatable`),
    };
  },

  readFiles(source) {
    const scripts = scriptsOf(source);
    const read = readEach(
      source.files,
      (file) => readFile(source, file, scripts),
      (file) => `<number>_${stemOf(file)}`,
    );
    const inOrder = read.migrations.toSorted((a, b) => compareParts(partsOf(a.version), partsOf(b.version)));
    // Dots do not sort, and would sort behind every number: then the place is the version, and the name tells all.
    const isPlain = inOrder.every(({ version }) => /^\d+$/.test(version));
    return {
      ...read,
      ignored: read.ignored.filter(
        (file) => !(file.endsWith(".conf") && source.has(file.slice(0, -".conf".length))),
      ),
      migrations: inOrder.map((migration, i) =>
        isPlain
          ? migration
          : { ...migration, version: sequenceVersion(i, inOrder.length), name: stemOf(migration.file) },
      ),
    };
  },

  keyOf: ({ version, name }) => keyOf(/^V([\d._]+)__/.exec(name)?.[1] ?? version),
});

/** 1, 1.0 and 1_0 are one version. */
function partsOf(version: string): bigint[] {
  const parts = version.split(/[._]/).map((digits) => BigInt(digits));
  return parts.slice(0, parts.findLastIndex((part) => part !== 0n) + 1);
}

const keyOf = (version: string): string =>
  /^[\d._]+$/.test(version) ? partsOf(version).join(".") || "0" : version;

function compareParts(a: readonly bigint[], b: readonly bigint[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [x, y] = [a[i] ?? 0n, b[i] ?? 0n];
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}

/** The first script of each letter and version. */
function scriptsOf(source: SourceDir): ReadonlyMap<string, string> {
  const scripts = new Map<string, string>();
  for (const file of source.files) {
    const [, letter, version] = FILE.exec(posix.basename(file)) ?? [];
    const key = letter && version ? letter + keyOf(version) : undefined;
    if (key !== undefined && !scripts.has(key)) scripts.set(key, file);
  }
  return scripts;
}

function readFile(
  source: SourceDir,
  file: string,
  scripts: ReadonlyMap<string, string>,
): ToolMigration | Refusal | "carried" {
  const base = posix.basename(file);
  const [, prefix, version, name] = FILE.exec(base) ?? [];
  if (prefix === "R") return { file, reason: "is repeatable; such files belong in db/repeatable" };
  if (prefix === "B") return { file, reason: "is a baseline, a dump of what other migrations do one by one" };
  if (CALLBACK.test(base)) return { file, reason: "is a callback" };
  if (!version || name === undefined) return misnamed(file, "V<version>__<name>.sql");
  if (prefix === "U") return scripts.has(`V${keyOf(version)}`) ? "carried" : withoutUp(file);
  const first = scripts.get(`V${keyOf(version)}`)!;
  if (first !== file) return { file, reason: `has the version of ${first}` };
  const undo = scripts.get(`U${keyOf(version)}`);
  const [up, down] = [partOf(source, file), undo === undefined ? undefined : partOf(source, undo)];
  if ("reason" in up) return up;
  if (down && "reason" in down) return down;
  return { version, name, file, up, down };
}

/** A script's own settings lie beside it, in `<script>.conf`. */
function partOf(source: SourceDir, file: string): Part | Refusal {
  const settings = new Map(
    source.has(`${file}.conf`)
      ? source
          .lines(`${file}.conf`)
          .map(({ text }) => text.trim())
          .filter((text) => text !== "" && !text.startsWith("#"))
          .map((text) => text.split("=", 2).map((word) => word.trim()) as [string, string])
      : [],
  );
  const part = {
    ...wholeFile(source, file),
    noTransaction: settings.get("executeInTransaction") === "false",
  };
  const placeholder = part.lines.find(({ text }) => text.includes("${"));
  if (placeholder && settings.get("placeholderReplacement") !== "false") {
    const [name] = /\$\{[^}]*\}?/.exec(placeholder.text)!;
    return { file, reason: `uses the placeholder ${name}`, line: placeholder.number };
  }
  return settings.has("shouldExecute")
    ? { file, reason: "runs only where shouldExecute in its .conf says so" }
    : part;
}
