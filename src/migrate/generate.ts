import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import { defineOutput } from "../base/output.ts";
import { findMigrations, type MigrationFiles } from "./files.ts";
import { compareVersions } from "./version.ts";

export const generateOutput = defineOutput(
  "migrate.generate",
  1,
  z.object({
    status: z.enum(["success", "dry_run"]),
    version: z.string(),
    name: z.string(),
    filepath: z.string().describe("The .up.sql file"),
    down_filepath: z.string(),
    migrations_dir: z.string(),
    warnings: z.array(z.string()),
  }),
);

export type GenerateResult = z.infer<typeof generateOutput.schema>;

export interface GenerateOptions {
  readonly migrationsDir: string;
  readonly name: string;
  /** What the version is made of: YYYYMMDDHHMMSS in local time. */
  readonly now: Date;
  readonly dryRun?: boolean | undefined;
}

/**
 * Write an empty `.up.sql`/`.down.sql` pair whose version sorts after every other.
 * Throws CONFIG_008 for a name that makes no good file name. Two runs at once get two versions.
 */
export async function generate({
  migrationsDir,
  name,
  now,
  dryRun,
}: GenerateOptions): Promise<GenerateResult> {
  if (!/^[a-z0-9][a-z0-9_]*$/.test(name)) {
    throw new ConfitureError(
      "CONFIG_008",
      `"${name}" is no migration name: use lower-case letters, digits and _`,
      {
        actionable: `For example: confiture migrate generate ${suggestion(name)}`,
      },
    );
  }
  // Every failed claim means that another run has made a migration meanwhile, so this ends.
  for (;;) {
    const files = await findMigrations(migrationsDir);
    const version = nextVersion(files, now);
    const stem = join(migrationsDir, `${version}_${name}`);
    const result = {
      version,
      name,
      filepath: `${stem}.up.sql`,
      down_filepath: `${stem}.down.sql`,
      migrations_dir: migrationsDir,
      warnings: warningsFor(files, name),
    };
    if (dryRun) return { status: "dry_run", ...result };
    await mkdir(migrationsDir, { recursive: true });
    if (await claim(migrationsDir, version, result)) return { status: "success", ...result };
  }
}

const suggestion = (name: string) =>
  name
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

/** The time as a version, or the newest version plus one where that one lies in the future. */
function nextVersion(files: MigrationFiles, time: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  const clock = `${time.getFullYear()}${[time.getMonth() + 1, time.getDate(), time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join("")}`;
  const newest = files.migrations.findLast((m) => /^\d+$/.test(m.version))?.version;
  return newest === undefined || compareVersions(newest, clock) < 0 ? clock : String(BigInt(newest) + 1n);
}

/** Create both files, or neither: false when another run has this version by now. */
async function claim(
  dir: string,
  version: string,
  pair: { filepath: string; down_filepath: string },
): Promise<boolean> {
  const holders = async () => (await findMigrations(dir)).migrations.filter((m) => m.version === version);
  if ((await holders()).length > 0) return false;
  if (!(await create(pair.filepath, "-- What this migration does, and why.\n\n"))) return false;
  const [first] = await holders();
  if (first?.upFile !== pair.filepath) {
    await rm(pair.filepath, { force: true });
    return false;
  }
  return create(pair.down_filepath, "-- The way back.\n\n");
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
