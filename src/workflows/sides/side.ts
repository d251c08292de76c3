import type { SchemaInput, SchemaSource } from "../../build/sources.ts";
import type { Target } from "../../migrate/target.ts";
import type { Connection } from "../../pg/connection.ts";
import type { Snapshot, SnapshotOptions } from "../../schema/snapshot.ts";
import type { ScratchDatabase, ScratchServer } from "../../scratch/scratch.ts";

/** One of the two states of a schema that are compared. */
export interface Side {
  /** For people, without passwords. */
  readonly label: string;
  /** That of a live database's server, which is asked; null for what can be built on any. */
  major(): Promise<number | null>;
  open<S extends Snapshot>(opening: Opening<S>): Promise<OpenSide<S>>;
}

/** Reads a database: `readSnapshot`, or what sees more. */
export type Read<S extends Snapshot> = (db: Connection, options: SnapshotOptions) => Promise<S>;

/** What a side needs to be read. */
export interface Opening<S extends Snapshot> {
  /** Asked for by those only that are built. */
  readonly scratch: () => Promise<ScratchServer>;
  readonly read: Read<S>;
}

/** A side that was read; disposing drops what was made for it, but for copies that were handed out. */
export interface OpenSide<S extends Snapshot> extends AsyncDisposable {
  readonly snapshot: S;
  /** The DDL files that it was built from. */
  readonly sources?: readonly SchemaSource[] | undefined;
  /** A scratch database that is this side and nothing else; null for a live one, which cannot be copied. */
  copy(): Promise<ScratchDatabase | null>;
}

/** Where a project's schema lies. */
export interface SideContext {
  /** Where relative paths start. */
  readonly cwd: string;
  readonly projectDir: string;
  /** The configured DDL files; undefined for a project that has none. */
  readonly schema: SchemaInput | undefined;
  readonly target: Omit<Target, "url">;
}
