import { ConfitureError } from "../../base/errors.ts";
import type { Connection } from "../../pg/connection.ts";
import { sql } from "../../sql/tag.ts";
import type { MigrationFile, MigrationFiles } from "../files.ts";
import { findHistoryTable, type HistoryTable } from "./history-table.ts";
import type { Applied, History, Tool } from "./tool.ts";
import { TOOLS } from "./tools/index.ts";

/** The word for the tool whose history is there. */
export const AUTO = "auto";

export const toolNames = (): string[] => TOOLS.map((tool) => tool.name);

/** The tool of that name; throws CONFIG_008. */
export function toolNamed(name: string): Tool {
  const tool = TOOLS.find((one) => one.name === name);
  if (tool) return tool;
  throw new ConfitureError("CONFIG_008", `there is no tool ${name}; there are ${toolNames().join(", ")}`);
}

/** Which files another tool has applied, and what it says that no file answers to. */
export interface Adopted {
  readonly entries: readonly { readonly migration: MigrationFile; readonly appliedAt: string }[];
  readonly sourceOnly: readonly string[];
  readonly warnings: readonly string[];
}

export interface AdoptOptions {
  /** A tool's name, or `auto`. */
  readonly tool: string;
  /** Where its history lies if not where it usually does. */
  readonly table?: string | undefined;
  /** The last file that may be marked. */
  readonly through?: MigrationFile | undefined;
}

/**
 * Read from another tool's own table which of our files it has applied, in the order it did; writes nothing.
 * Throws ADOPT_001 when there is no such table, ADOPT_002 when the tool has left something unfinished.
 */
export async function readAdopted(
  db: Connection,
  files: MigrationFiles,
  options: AdoptOptions,
): Promise<Adopted> {
  const { tool, table } = await findHistory(db, options);
  const history = await tool.readHistory(db, table);
  refuseUnclean(tool, table, history);
  const found = history.isNewestOnly
    ? upToNewest(tool, history, files, options.through)
    : matched(tool, history, files);
  const upTo = options.through
    ? files.migrations.slice(0, files.migrations.indexOf(options.through) + 1)
    : files.migrations;
  const within = found.entries.filter(({ migration }) => upTo.includes(migration));
  const beyond = found.entries.filter(({ migration }) => !upTo.includes(migration));
  const times = await spacedTimes(
    db,
    within.map((entry) => entry.appliedAt),
  );
  return {
    entries: within.map(({ migration }, i) => ({ migration, appliedAt: times[i]! })),
    sourceOnly: found.sourceOnly,
    warnings: [
      ...found.sourceOnly.map((label) => `${label} is applied by ${tool.name}, but has no file here`),
      ...beyond.map(
        ({ migration }) => `${migration.version} is applied by ${tool.name}, but lies beyond --through`,
      ),
      ...(history.undone ?? []).map(
        (label) => `${label} was taken back in ${tool.name}, so it is not marked`,
      ),
      ...(history.warnings ?? []),
      ...found.warnings,
    ],
  };
}

/** The one tool whose history is in this database. */
async function findHistory(
  db: Connection,
  { tool, table }: AdoptOptions,
): Promise<{ tool: Tool; table: HistoryTable }> {
  const candidates = tool === AUTO ? TOOLS : [toolNamed(tool)];
  const looked = await Promise.all(
    candidates.map(async (one) => ({ tool: one, table: await findHistoryTable(db, table ?? one.table) })),
  );
  const found = looked.filter(
    (one): one is { tool: Tool; table: HistoryTable } =>
      one.table !== undefined && isHistory(one.tool, one.table),
  );
  if (found.length === 1) return found[0]!;
  throw found.length === 0
    ? notFound(db, candidates, table)
    : new ConfitureError(
        "ADOPT_001",
        `several tools have a history in database ${db.server.database}: ${found.map(placed).join(", ")}`,
        {
          actionable: "Name the one that counts with --from-tool.",
          details: { found: found.map((one) => ({ tool: one.tool.name, table: one.table.path.join(".") })) },
        },
      );
}

const placed = ({ tool, table }: { tool: Tool; table: HistoryTable }): string =>
  `${tool.name} (${table.path.join(".")})`;

const isHistory = (tool: Tool, table: HistoryTable): boolean =>
  tool.columns.every((column) => table.columns.has(column)) && (tool.isOwn?.(table) ?? true);

function notFound(db: Connection, candidates: readonly Tool[], table: string | undefined): ConfitureError {
  const places = table === undefined ? candidates.map((tool) => `${tool.table} (${tool.name})`) : [table];
  const whose = candidates.length === 1 ? candidates[0]!.name : "a tool known here";
  return new ConfitureError(
    "ADOPT_001",
    `there is no history of ${whose} in database ${db.server.database}; looked for ${places.join(", ")}`,
    { details: { looked_for: places, database: db.server.database } },
  );
}

function refuseUnclean(tool: Tool, table: HistoryTable, { unclean = [] }: History): void {
  if (unclean.length === 0) return;
  throw new ConfitureError(
    "ADOPT_002",
    `the history of ${tool.name} in ${table.path.join(".")} is not clean: ${unclean.join("; ")}`,
    { details: { tool: tool.name, table: table.path.join("."), entries: unclean } },
  );
}

interface Found {
  readonly entries: readonly { readonly migration: MigrationFile; readonly appliedAt: string | null }[];
  readonly sourceOnly: readonly string[];
  readonly warnings: readonly string[];
}

/** Row for row: what the history names twice is the first and the second file of that name. */
function matched(tool: Tool, { applied, covers }: History, files: MigrationFiles): Found {
  const byKey = new Map<string, MigrationFile[]>();
  for (const migration of files.migrations) {
    const key = tool.keyOf(migration);
    byKey.set(key, [...(byKey.get(key) ?? []), migration]);
  }
  const rows = applied.map((entry) => ({ entry, migration: byKey.get(entry.key)?.shift() }));
  const named = new Set(rows.map((row) => row.migration));
  const covered = files.migrations.filter((m) => !named.has(m) && covers?.(tool.keyOf(m)));
  return {
    entries: [
      ...covered.map((migration) => ({ migration, appliedAt: null })),
      ...rows.flatMap(({ entry, migration }) =>
        migration ? [{ migration, appliedAt: entry.appliedAt }] : [],
      ),
    ],
    sourceOnly: rows.filter((row) => row.migration === undefined).map((row) => row.entry.label),
    warnings: [],
  };
}

/** The history names where it stands, and the files' own order says what lies below that. */
function upToNewest(
  tool: Tool,
  { applied }: History,
  files: MigrationFiles,
  through: MigrationFile | undefined,
): Found {
  const placeOf = ({ key }: Applied) => files.migrations.findIndex((m) => tool.keyOf(m) === key);
  const labels = applied.map((entry) => entry.label);
  const [newest, ...others] = applied;
  const upTo = (end: number, warnings: readonly string[]): Found => ({
    entries: files.migrations.slice(0, end).map((migration) => ({ migration, appliedAt: null })),
    sourceOnly: [],
    warnings,
  });
  if (!newest) return upTo(0, []);
  if (others.length === 0 && placeOf(newest) !== -1) return upTo(placeOf(newest) + 1, []);
  if (through) {
    return upTo(files.migrations.indexOf(through) + 1, [
      `${tool.name} stands at ${labels.join(" and ")}, whose place among the files is unknown: --through is believed`,
    ]);
  }
  const actionable = "Say with --through which file is the last that is applied.";
  throw others.length > 0
    ? new ConfitureError("ADOPT_002", `${tool.name} has several heads: ${labels.join(", ")}`, {
        actionable,
        details: { heads: labels },
      })
    : new ConfitureError(
        "MIGR_100",
        `${tool.name} stands at ${newest.label}, which no file in ${files.dir} is named for`,
        {
          actionable,
          migration: newest.label,
        },
      );
}

/**
 * Times that tell the order: each at least a microsecond after the one before, because a tool may know only the
 * time of a whole run. What has none is as old as the oldest, or new.
 */
async function spacedTimes(db: Connection, times: readonly (string | null)[]): Promise<string[]> {
  const rows = await db.rows<{ applied_at: string }>(sql`
    select to_char((max(coalesce(at, oldest, now()) - n * step) over (order by n) + n * step) at time zone 'UTC',
                   'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as applied_at
    from unnest(${times}::timestamptz[]) with ordinality as given (at, n),
         (select interval '1 microsecond', min(known) from unnest(${times}::timestamptz[]) as all_times (known))
           as unit (step, oldest)
    order by n`);
  return rows.map((row) => row.applied_at);
}
