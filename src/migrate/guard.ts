import type { Connection } from "../pg/connection.ts";

/** What must hold beside the migration lock, so that a run may write. */
export interface Guard {
  /** Under the lock, before anything is planned; throws where the run may not begin. */
  beforeRun(db: Connection): Promise<void>;
  /** Runs first in each transaction of a migration, and raises where it may not go on. */
  readonly statement: string;
  /** The error of a run, told in the guard's words where it is its own. */
  explain(error: unknown): unknown;
}
