import type { SchemaInput } from "../build/sources.ts";
import type { Target } from "../migrate/target.ts";
import type { ScratchOptions } from "../scratch/scratch.ts";
import type { Rules } from "../sync/rules-file.ts";
import type { Replication } from "../workflows/replica-issues.ts";
import type { SideContext } from "../workflows/sides/side.ts";

/** All that a server's tools work on, fixed when it starts: no tool takes a path or a connection string. */
export interface Project {
  readonly version: string;
  readonly target: Omit<Target, "url">;
  /** Asked anew for every call, as an embedded database stops when it is idle; undefined where none was named. */
  readonly url: () => Promise<string | undefined>;
  readonly schema: SchemaInput | undefined;
  readonly sides: SideContext;
  readonly scratch: ScratchOptions;
  readonly replication: Replication;
  /** Read anew for every call, as other files are; undefined where the project has none. */
  readonly rules: () => Promise<Rules | undefined>;
  /** Without it the tools that write are not there. */
  readonly allowWrite: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}
