import type { Connection } from "../../pg/connection.ts";
import type { MigrationFile } from "../files.ts";
import type { HistoryTable } from "./history-table.ts";
import type { Part, Refusal, SourceDir } from "./source-dir.ts";

/** What a tool's own table says. */
export interface History {
  /** In the order they were applied. */
  readonly applied: readonly Applied[];
  /** Migrations that have no row and count as applied all the same, by key: what lies below a row. */
  readonly covers?: ((key: string) => boolean) | undefined;
  /** `applied` names only the newest, and its keys have no order of their own. */
  readonly isNewestOnly?: boolean | undefined;
  /** Taken back in good order, so pending again. */
  readonly undone?: readonly string[] | undefined;
  /** What must be settled with the tool before its word can be taken. */
  readonly unclean?: readonly string[] | undefined;
  readonly warnings?: readonly string[] | undefined;
}

export interface Applied {
  /** As `keyOf` gives it for the file. */
  readonly key: string;
  /** As the tool's users know it. */
  readonly label: string;
  /** ISO 8601, UTC, microseconds; null where the tool does not know. */
  readonly appliedAt: string | null;
}

/** One migration as its tool's files tell it, under the name it gets here. */
export interface ToolMigration {
  readonly version: string;
  readonly name: string;
  /** File it comes from, below the tool's directory. */
  readonly file: string;
  readonly up: Part;
  readonly down?: Part | undefined;
  /** A check that is carried only when it is one SELECT. */
  readonly verify?: Part | undefined;
}

export interface ToolFiles {
  /** In the order the tool applies them. */
  readonly migrations: readonly ToolMigration[];
  readonly refused: readonly Refusal[];
  /** Files that are no migrations. */
  readonly ignored: readonly string[];
}

/** A migration tool one can come from; the file's name is the word the user types. */
export interface Tool {
  readonly name: string;
  /** Its history: `schema.name`, or a name that is found through search_path. */
  readonly table: string;
  /** Columns by which a table is known as its history. */
  readonly columns: readonly string[];
  /** Tells the table from that of another tool with the same name and columns. */
  isOwn?(table: HistoryTable): boolean;
  readHistory(db: Connection, table: HistoryTable): Promise<History>;
  readFiles(source: SourceDir): ToolFiles;
  /** What a migration of ours, imported or named alike by hand, is called in the tool's history. */
  keyOf(migration: Pick<MigrationFile, "version" | "name">): string;
}

export const defineTool = (tool: Tool): Tool => tool;
