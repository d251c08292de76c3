import { existsSync, readFileSync } from "node:fs";
import { ConfitureError } from "../../base/errors.ts";
import type { MigrationFile, MigrationFiles } from "../files.ts";
import { holdsConflict, parseSum, stemOf, sumFileOf, type SumLine, sumLines } from "./sum.ts";

/** What the config file says of `migration.linear`; without a word, that a directory holds the file turns it on. */
export type Linear = boolean | undefined;

export const isLinear = (dir: string, linear: Linear): boolean => linear ?? existsSync(sumFileOf(dir));

/** How the files and `migrations.sum` part: MIGR_115, with the first file that differs; undefined where they do not. */
export function sumMismatch(files: MigrationFiles): ConfitureError | undefined {
  const file = sumFileOf(files.dir);
  const text = readSum(file);
  if (text === undefined)
    return mismatch(`${file} is missing`, { file, actionable: `Write it with \`${WRITE}\`.` });
  if (holdsConflict(text))
    return mismatch(`${file} holds the conflict of a merge`, {
      file,
      actionable: "Run `confiture migrate rebase`.",
    });
  const recorded = parseSum(text);
  if (recorded === undefined) return mismatch(`${file} is not as Confiture writes it`, { file });
  return firstDifference(files, recorded);
}

const WRITE = "confiture migrate validate --linear --fix";

/** Refuse files that are not those of `migrations.sum`, where there is to be one: MIGR_115. */
export function requireSum(files: MigrationFiles, linear: Linear): void {
  const found = isLinear(files.dir, linear) ? sumMismatch(files) : undefined;
  if (found !== undefined) throw found;
}

function readSum(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new ConfitureError("CONFIG_004", `${file} cannot be read: ${message}`, { file, cause });
  }
}

function firstDifference(files: MigrationFiles, recorded: readonly SumLine[]): ConfitureError | undefined {
  const found = sumLines(files);
  const at = found.findIndex(({ stem, hash }, i) => recorded[i]?.stem !== stem || recorded[i].hash !== hash);
  const [migration, line] =
    at === -1 ? [undefined, recorded[found.length]] : [files.migrations[at]!, recorded[at]];
  if (migration === undefined) return line === undefined ? undefined : gone(files, line);
  if (line?.stem === stemOf(migration)) return edited(migration);
  const isKnown = recorded.some(({ stem }) => stem === stemOf(migration));
  return isKnown && line !== undefined ? gone(files, line) : unknown(migration);
}

const gone = ({ dir }: MigrationFiles, { stem }: SumLine): ConfitureError =>
  mismatch(`migrations.sum has ${stem}, whose files are not there`, {
    file: sumFileOf(dir),
    migration: versionOf(stem),
  });

const unknown = ({ version, upFile: file }: MigrationFile): ConfitureError =>
  mismatch(`${file} is not in migrations.sum`, { file, migration: version });

const edited = ({ version, kind, upFile: file, downFile }: MigrationFile): ConfitureError =>
  mismatch(
    kind === "sql" && downFile !== undefined
      ? `${file} or its .down.sql is not what migrations.sum was written for`
      : `${file} is not what migrations.sum was written for`,
    { file, migration: version },
  );

const versionOf = (stem: string): string => stem.split("_")[0]!;

const mismatch = (
  message: string,
  context: ConstructorParameters<typeof ConfitureError>[2],
): ConfitureError => new ConfitureError("MIGR_115", message, context);
