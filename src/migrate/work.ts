import type { Connection } from "../pg/connection.ts";

/** What a run is about to do, by the files it was read from, in order. */
export interface Work {
  readonly migrations: readonly {
    readonly version: string;
    readonly name: string;
    /** Of the file that will run: for a rollback the down file. */
    readonly checksum: string;
  }[];
  readonly repeatables: readonly { readonly path: string; readonly checksum: string }[];
}

/** Is told what will be done, under the lock and before anything is written; throws to refuse it. */
export type OnWork = (work: Work, db: Connection | undefined) => Promise<void> | void;
