import type { Log } from "../base/log.ts";
import type { Connection } from "../pg/connection.ts";

export interface ScratchOptions {
  /** A server to use instead of a local one; the role needs CREATEDB. */
  readonly url?: string | undefined;
  /** Major version wanted; by default the newest that is found. */
  readonly major?: number | undefined;
  /** Where installed npm packages are looked for besides our own, usually the project's folder. */
  readonly projectDir?: string | undefined;
  readonly log?: Log | undefined;
}

/** A throwaway database; disposing drops it. */
export interface ScratchDatabase extends AsyncDisposable {
  readonly url: string;
}

/** A server that scratch databases are made on; disposing gives up our hold on it. */
export interface ScratchServer extends AsyncDisposable {
  readonly major: number;
  /** An empty database. */
  create(): Promise<ScratchDatabase>;
  /** A clone of the template that `build` once made for `key`; built at most once per server and key. */
  clone(key: string, build: (db: Connection) => Promise<void>): Promise<ScratchDatabase>;
}

export async function openScratch(_options: ScratchOptions = {}): Promise<ScratchServer> {
  throw new Error("being built");
}
