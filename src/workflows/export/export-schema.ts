import { relative, resolve } from "node:path";
import * as z from "zod";
import { ConfitureError } from "../../base/errors.ts";
import { defineOutput } from "../../base/output.ts";
import type { SchemaSource } from "../../build/sources.ts";
import { type Change, changeText } from "../../diff/change.ts";
import { compare } from "../../diff/compare.ts";
import { planSteps, type Step } from "../../diff/plan.ts";
import { findLedger } from "../../migrate/ledger/ledger.ts";
import type { Target } from "../../migrate/target.ts";
import { Connection } from "../../pg/connection.ts";
import type { Kind } from "../../schema/kind.ts";
import { KINDS } from "../../schema/kinds/index.ts";
import { readLeftOut } from "../../schema/left-out.ts";
import {
  type LinkedSnapshot,
  readLinkedSnapshot,
  rolesIn,
  type SnapshotOptions,
} from "../../schema/snapshot.ts";
import {
  openScratch,
  type ScratchDatabase,
  type ScratchOptions,
  type ScratchServer,
} from "../../scratch/scratch.ts";
import { loadParser } from "../../sql/parse.ts";
import { ident, sql } from "../../sql/tag.ts";
import { buildSources } from "../scratch-schema.ts";
import { treeOf } from "./tree.ts";
import { byHandWarnings, leftOutWarning, reprintedWarning, SHOWN, staleWarning } from "./warnings.ts";
import { sqlFilesIn, writeTree } from "./write-tree.ts";

export const exportOutput = defineOutput(
  "export",
  1,
  z.object({
    database: z.string(),
    directory: z.string(),
    files: z.array(z.string()).describe("Below the directory, in build order"),
    objects: z.int(),
    kinds: z.record(z.string(), z.int()).describe("How many objects of each kind there are"),
    roles: z.array(z.string()).describe("Roles that the files name and that a server must have"),
    proof: z.object({
      postgresql: z.int().describe("Major version of the scratch server it was built on"),
      build: z.literal("proven").describe("Built there, the files gave the schema of the database"),
    }),
    reprinted: z
      .array(z.string())
      .describe(
        "Objects with an expression that PostgreSQL prints in another way once it was built from its own text",
      ),
    left_out: z.array(z.string()).describe("What the database has besides, and the files do not say"),
    stale: z.array(z.string()).describe("Other .sql files of the directory; they are part of its build"),
    warnings: z.array(z.string()),
  }),
);

export type ExportResult = z.infer<typeof exportOutput.schema>;

export interface ExportOptions {
  readonly projectDir: string;
  /** Relative to the project, or absolute. */
  readonly directory: string;
  /** Write into a directory that has .sql files, over those of the same name. */
  readonly force?: boolean | undefined;
  /** Default true: who owns what, where that is not the owner of the database. */
  readonly owners?: boolean | undefined;
  /** Default true: grants and default privileges. */
  readonly privileges?: boolean | undefined;
  readonly scratch: ScratchOptions;
}

/**
 * Write a database's schema as DDL files, proven to build to the same schema; the database is only read. Throws
 * CONFIG_008 for a directory that is in use, DIFFER_409 when the files would not be the schema, DIFFER_404 or
 * DIFFER_405 for what cannot be written, CONFIG_004 or SCRATCH_001; then nothing is written.
 */
export async function exportSchema(target: Target, options: ExportOptions): Promise<ExportResult> {
  const directory = resolve(options.projectDir, options.directory);
  const present = requireUsable(directory, options);
  const { live, leftOut, files, reprinted, also } = await exportedFiles(target, options);
  await writeTree(directory, files);
  const names = files.map(({ file }) => file);
  const stale = present.filter((file) => !names.includes(file));
  const kinds = countsOf(live);
  const left = leftOut.filter((line) => !also.includes(line));
  return {
    database: live.database,
    directory: relative(options.projectDir, directory) || ".",
    files: names,
    objects: Object.values(kinds).reduce((sum, count) => sum + count, 0),
    kinds,
    roles: [...new Set(rolesIn(live))].filter((role) => !role.startsWith(PREDEFINED)).toSorted(),
    proof: { postgresql: live.major, build: "proven" },
    left_out: left,
    stale,
    reprinted: reprinted.map(({ kind, object }) => `${kind} ${object}`),
    warnings: [
      ...byHandWarnings(live),
      ...leftOutWarning(left),
      ...staleWarning(stale),
      ...reprintedWarning(reprinted),
    ],
  };
}

/**
 * The same files, which are written nowhere. They were built on a scratch server of the database's version, so another
 * build of them there is a copy of a template.
 */
export async function exportedFiles(
  target: Target,
  options: Pick<ExportOptions, "owners" | "privileges" | "scratch">,
): Promise<Proven & { readonly live: LinkedSnapshot; readonly leftOut: readonly string[] }> {
  const only = chosen(options);
  const { snapshot: live, leftOut } = await readLive(target, only);
  await using scratch = await openScratch({ ...options.scratch, major: live.major });
  return { live, leftOut, ...(await provenTree(scratch, live, { only, target })) };
}

/** Of roles that every server has. */
const PREDEFINED = "pg_";

function requireUsable(directory: string, { directory: named, force }: ExportOptions): string[] {
  const present = sqlFilesIn(directory);
  if (present.length === 0 || force) return present;
  throw new ConfitureError("CONFIG_008", `${named} has ${present.length} .sql file(s) already`, {
    details: { files: present.slice(0, SHOWN) },
    actionable: "Name another --output-dir, or write over files of the same name with --force.",
  });
}

/** Which kinds are exported. */
const chosen =
  ({ owners = true, privileges = true }: Pick<ExportOptions, "owners" | "privileges">) =>
  ({ environmental }: Kind): boolean =>
    !(environmental === "owner" && !owners) && !(environmental === "privilege" && !privileges);

/** A snapshot, and what it does not hold. */
interface Reading {
  readonly snapshot: LinkedSnapshot;
  readonly leftOut: readonly string[];
}

async function readAll(db: Connection, options: SnapshotOptions): Promise<Reading> {
  const snapshot = await readLinkedSnapshot(db, options);
  const hasPrivileges = KINDS.some((kind) => kind.environmental === "privilege" && options.only?.(kind));
  return { snapshot, leftOut: await readLeftOut(db, hasPrivileges) };
}

/** Without the ledger; what the owner of the database owns says nothing. */
async function readLive({ url, ...target }: Target, only: SnapshotOptions["only"]): Promise<Reading> {
  await using db = await Connection.open(url, target);
  const ledger = await findLedger(db, target.trackingTable);
  const [owner] = await db.rows<{ name: string }>(sql`
    select pg_catalog.pg_get_userbyid(datdba)::text as name from pg_catalog.pg_database
    where datname = pg_catalog.current_database()`);
  return await readAll(db, { mainOwner: owner!.name, ours: [ident(...ledger.path)], only });
}

interface Proving {
  readonly only: SnapshotOptions["only"];
  readonly target: Target;
}

/** What the first files leave is said in one more, and what that leaves as well. */
const MAX_ROUNDS = 4;

interface Proven {
  readonly files: readonly SchemaSource[];
  /** What the server prints in another way once it was made from what it printed. */
  readonly reprinted: readonly Change[];
  /** What they make besides the schema. */
  readonly also: readonly string[];
}

/** Files that were built on a scratch database and gave the schema. */
async function provenTree(
  scratch: ScratchServer,
  live: LinkedSnapshot,
  { only, target }: Proving,
): Promise<Proven> {
  const read = async (make: Promise<ScratchDatabase>) => {
    await using database = await make;
    await using db = await Connection.open(database.url, target);
    return await readAll(db, { mainOwner: db.server.user, only });
  };
  await loadParser();
  const { snapshot: empty } = await read(scratch.create());
  const steps = planSteps(empty, live, { online: false });
  const rest: Step[] = [];
  let before: { readonly files: SchemaSource[]; readonly correction: string } | undefined;
  for (let round = 1; ; round++) {
    const files = treeOf(steps, rest, empty, live);
    const { snapshot: built, leftOut: also } = await read(buildAll(scratch, files, target)).catch(refuse);
    const left = compare(live, built);
    if (left.length === 0) return { files, reprinted: [], also };
    const correcting = planSteps(built, live, { online: false });
    const correction = correcting.map((step) => step.sql).join(";\n");
    if (before?.correction === correction && left.every(isReprinted))
      return { files: before.files, reprinted: left, also };
    if (round === MAX_ROUNDS) throw differing(live, left);
    before = { files, correction };
    rest.push(...correcting);
  }
}

/** The statement that was to correct it has run, and changed nothing: both are texts of the server for one thing. */
const isReprinted = ({ op, attributes }: Change): boolean =>
  op === "~" && attributes.every(({ from, to }) => typeof from === "string" && typeof to === "string");

function differing({ database }: LinkedSnapshot, left: readonly Change[]): ConfitureError {
  const lines = changeText(left).split("\n");
  return new ConfitureError("DIFFER_409", `The export differs from ${database}: ${lines[0]}`, {
    details: { differences: lines.slice(0, SHOWN), differences_total: lines.length },
  });
}

/** A scratch database that is these files and nothing else; an empty one without any. */
export function buildAll(
  scratch: ScratchServer,
  files: readonly SchemaSource[],
  { log }: Pick<Target, "log">,
): Promise<ScratchDatabase> {
  if (files.length === 0) return scratch.create();
  return buildSources(scratch, files, log);
}

function refuse(error: unknown): never {
  if (!(error instanceof ConfitureError) || !error.code.startsWith("SCHEMA_")) throw error;
  throw new ConfitureError("DIFFER_409", `The export cannot be built: ${error.message}`, {
    ...error.context,
    cause: error,
  });
}

function countsOf({ objects }: LinkedSnapshot): Record<string, number> {
  const counts = KINDS.map((kind) => [kind.name, objects[kind.name]?.length ?? 0] as const);
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}
