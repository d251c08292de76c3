import type { Effect } from "./objects.ts";

/** A statement, with its text where it stands by itself. */
export interface ParsedStatement {
  readonly kind: string;
  readonly node: object;
  readonly text?: string | undefined;
}

/** What the reader of a node needs besides. */
export interface Reading extends Omit<ParsedStatement, "node"> {
  /** For the statements of a body. */
  readonly effectsOf: (statement: ParsedStatement) => Effect[];
}
