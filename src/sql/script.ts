import type { Position } from "./position.ts";
import { byteToIndex } from "./utf8.ts";

/** SQL text and where it came from; `file` is the path as the user knows it. */
export interface Source {
  readonly text: string;
  readonly file?: string | undefined;
}

/** One statement of a script, in the words of the file. */
export interface Statement {
  /** libpg_query's node name, e.g. `CreateStmt`. */
  readonly kind: string;
  readonly node: object;
  /** Exact text, without the closing semicolon and leading comments. */
  readonly text: string;
  /** UTF-16 index of `text` in its source. */
  readonly start: number;
  readonly position: Position;
  /** For `COPY … FROM stdin`: the data block below it, without the closing `\.` line. */
  readonly copyData?: string;
  /** Where `text` begins in the UTF-8 offsets that locations inside `node` count. */
  readonly byteStart?: number;
}

/** UTF-16 index within `statement.text` of a location inside its `node`; add `start` for one in the source. */
export const locate = (statement: Statement, location: number): number =>
  byteToIndex(statement.text)(location - (statement.byteStart ?? 0));

/** A parsed SQL file: its statements in order. */
export interface Script {
  readonly source: Source;
  readonly statements: readonly Statement[];
}
