import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import { defineOutput } from "../base/output.ts";
import { redactWithin } from "../pg/dsn.ts";
import { commandOf, type ExternalGenerator, requireInputs, runGenerator } from "./external-generator.ts";
import { findMigrations, type MigrationFiles } from "./files.ts";
import { keepingSum, requireKept, type SumOptions } from "./linear/write-sum.ts";
import { compareVersions } from "./version.ts";

export const generateOutput = defineOutput(
  "migrate.generate",
  1,
  z.object({
    status: z.enum(["success", "dry_run"]),
    version: z.string(),
    name: z.string(),
    filepath: z.string().describe("The .up.sql file, or the module"),
    down_filepath: z.string().nullable().describe("The .down.sql file; null where none is written"),
    migrations_dir: z.string(),
    next_available_version: z.string(),
    generator: z
      .object({ id: z.string(), command: z.string() })
      .nullable()
      .describe("The external program that wrote the .up.sql, and the command it was run by"),
    snapshot: z.string().nullable().describe("File with what the DDL files say at this version"),
    snapshot_mode: z.enum(["static"]).nullable(),
    parts: z
      .array(z.object({ version: z.string(), filepath: z.string(), down_filepath: z.string().nullable() }))
      .describe("With --from-schema: every migration of the plan, the first one included"),
    statements: z.int().nullable().describe("With --from-schema: how many the way up has"),
    data_loss: z.array(z.string()).describe("With --from-schema: objects whose rows or values are lost"),
    warnings: z.array(z.string()),
  }),
);

export type GenerateResult = z.infer<typeof generateOutput.schema>;

export interface GenerateOptions extends SumOptions {
  readonly migrationsDir: string;
  readonly name: string;
  /** What the version is made of: YYYYMMDDHHMMSS in local time. */
  readonly now: Date;
  /** A pair of SQL files, which is the default, or a TypeScript module. */
  readonly type?: "sql" | "ts" | undefined;
  /** Write what this program says; an .up.sql only. */
  readonly generator?: ExternalGenerator | undefined;
  /** What the pair of SQL files says, where that is known. */
  readonly text?: { readonly up: string; readonly down: string } | undefined;
  /** A version that is reserved for this migration, and no other. */
  readonly version?: string | undefined;
}

/** A file's path and text, in the order of writing. */
type NewFile = readonly [path: string, text: string];

/**
 * Write a new migration whose version sorts after every other: an empty one, or what an external program makes.
 * Throws CONFIG_008 for a name that makes no good file name, CONFIG_004 for a file that is missing or cannot be
 * written, MIGR_106 for a reserved version that a file has, MIGR_115, and as `runGenerator`. Two runs at once get two
 * versions.
 */
export async function generate(options: GenerateOptions): Promise<GenerateResult> {
  const { migrationsDir, name, type, generator, dryRun } = options;
  requireName(name);
  if (generator && type === "ts") {
    throw new ConfitureError("CONFIG_008", "an external generator writes SQL, no TypeScript module");
  }
  const files = await findMigrations(migrationsDir);
  await requireKept(migrationsDir, options.linear);
  if (generator) await requireInputs(generator);
  const upText = generator && !dryRun ? await runGenerator(generator) : undefined;
  const version = await keepingSum(migrationsDir, options, async () =>
    dryRun ? (options.version ?? (await freeVersion(options, []))) : await claimAndWrite(options, upText),
  );
  const [[filepath], down] = newFiles(options, version, upText);
  return {
    status: dryRun ? "dry_run" : "success",
    version,
    name,
    filepath,
    down_filepath: down?.[0] ?? null,
    migrations_dir: migrationsDir,
    next_available_version: String(BigInt(version) + 1n),
    generator: generator ? { id: generator.id, command: redactWithin(commandOf(generator)) } : null,
    snapshot: null,
    snapshot_mode: null,
    parts: [],
    statements: null,
    data_loss: [],
    warnings: [...warningsFor(files, name), ...(generator ? [NO_WAY_BACK] : [])],
  };
}

const NO_WAY_BACK = "no .down.sql is written: until there is one, the migration cannot be rolled back";

function requireName(name: string): void {
  if (/^[a-z0-9][a-z0-9_]*$/.test(name)) return;
  throw new ConfitureError(
    "CONFIG_008",
    `"${name}" is no migration name: use lower-case letters, digits and _`,
    { actionable: `For example: confiture migrate generate ${suggestion(name)}` },
  );
}

const suggestion = (name: string) =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "") || "add_orders";

function warningsFor(files: MigrationFiles, name: string): string[] {
  const same = files.migrations.filter((m) => m.name === name).map((m) => m.version);
  const duplicates = Object.keys(files.duplicates);
  return [
    ...(same.length > 0 ? [`there is already a migration named ${name}: ${same.join(", ")}`] : []),
    ...(duplicates.length > 0 ? [`versions that two files claim: ${duplicates.join(", ")}`] : []),
  ];
}

const MODULE = `import type { MigrationClient } from "confiture";

// What this migration does, and why.
export async function up(db: MigrationClient): Promise<void> {}

// The way back.
export async function down(db: MigrationClient): Promise<void> {}
`;

/** The file that moves forward, then the one that moves back where it has one of its own. */
function newFiles(
  { migrationsDir, name, type, generator, text }: GenerateOptions,
  version: string,
  upText = "-- What this migration does, and why.\n\n",
): readonly [NewFile, NewFile?] {
  const stem = join(migrationsDir, `${version}_${name}`);
  if (type === "ts") return [[`${stem}.ts`, MODULE]];
  if (generator) return [[`${stem}.up.sql`, upText]];
  return [
    [`${stem}.up.sql`, text?.up ?? upText],
    [`${stem}.down.sql`, text?.down ?? "-- The way back.\n\n"],
  ];
}

/** A run claims a version with a hidden file for as long as it writes; one that was killed only costs its version. */
async function claimAndWrite(options: GenerateOptions, upText: string | undefined): Promise<string> {
  const { migrationsDir, now, version: reserved } = options;
  await mkdir(migrationsDir, { recursive: true }).catch((cause: Error) => {
    throw new ConfitureError("CONFIG_004", `${migrationsDir} cannot be made: ${cause.message}`, { cause });
  });
  const claimed = new Set<string>();
  // Every failed attempt means that another run has made, or is making, a migration: so this ends.
  for (;;) {
    if (reserved !== undefined && claimed.has(reserved)) throw versionTaken(reserved);
    const version = reserved ?? nextVersion([...(await takenVersions(migrationsDir)), ...claimed], now);
    const claim = join(migrationsDir, `.${version}.claim`);
    if (!(await create(claim, ""))) {
      claimed.add(version);
      continue;
    }
    try {
      const taken = await takenVersions(migrationsDir);
      if (!taken.includes(version) && (await createAll(newFiles(options, version, upText)))) return version;
      claimed.add(version);
    } finally {
      await rm(claim, { force: true });
    }
  }
}

const versionTaken = (version: string): ConfitureError =>
  new ConfitureError("MIGR_106", `version ${version} was reserved, but a file has it already`, {
    migration: version,
    actionable: "Run the command again: it reserves another one.",
  });

/** The version that a migration would get now, if these were taken too. */
export const freeVersion = async (
  { migrationsDir, now }: Pick<GenerateOptions, "migrationsDir" | "now">,
  taken: readonly string[],
): Promise<string> => nextVersion([...(await takenVersions(migrationsDir)), ...taken], now);

/** Versions of digits that files of any type have. */
async function takenVersions(dir: string): Promise<string[]> {
  const names = await readdir(dir).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return [];
    throw cause;
  });
  return names.flatMap((name) => /^(\d+)(?:[_.].*)?\.(?:sql|py|[cm]?[jt]s)$/.exec(name)?.[1] ?? []);
}

/** The time as a version, or the newest version plus one where that one lies in the future. */
function nextVersion(taken: readonly string[], time: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  const clock = `${time.getFullYear()}${[time.getMonth() + 1, time.getDate(), time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join("")}`;
  const newest = taken.toSorted(compareVersions).at(-1);
  return newest === undefined || compareVersions(newest, clock) < 0 ? clock : String(BigInt(newest) + 1n);
}

/** All of them, or none: false when one of them exists. */
async function createAll(files: readonly (NewFile | undefined)[]): Promise<boolean> {
  const written: string[] = [];
  const undo = () => Promise.all(written.map((path) => rm(path, { force: true })));
  for (const [path, text] of files.filter((file) => file !== undefined)) {
    const done = await create(path, text).catch(async (error: unknown) => {
      await undo();
      throw error;
    });
    if (!done) {
      await undo();
      return false;
    }
    written.push(path);
  }
  return true;
}

/** False when the file exists. */
const create = (file: string, text: string): Promise<boolean> =>
  writeFile(file, text, { flag: "wx" }).then(
    () => true,
    (cause: NodeJS.ErrnoException) => {
      if (cause.code === "EEXIST") return false;
      throw new ConfitureError("CONFIG_004", `${file} cannot be written: ${cause.message}`, { file, cause });
    },
  );
