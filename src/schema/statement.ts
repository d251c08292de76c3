import type { Casts } from "./casts.ts";
import type { ObjectId } from "./kind.ts";

/** One generated statement and the transaction it can live in. */
export interface Statement {
  /** Schema-qualified, lower case, without a semicolon at its end. */
  readonly sql: string;
  /** In one with its neighbours (the default), alone in its own, or in none. */
  readonly transaction?: "shared" | "own" | "none";
  /** Values may be lost by it, though the object stays. */
  readonly loses?: true;
  /** What a server would do that keeps less waiting, since that major version. */
  readonly later?: { readonly major: number; readonly instead: string } | undefined;
}

export type Statements = string | readonly (string | Statement)[];

/** Where a statement will run. */
export interface Place {
  /** Of the server. */
  readonly major: number;
  /** Prefer what keeps neither readers nor writers waiting. */
  readonly online: boolean;
  /** What the object belongs to is made by the same plan: it has no rows, and nobody uses it yet. */
  readonly fresh: boolean;
  /** What the object is within is made by the same plan, on something that may have rows. */
  readonly withinNew: boolean;
  /** Clauses of the parts that are made with the object. */
  readonly parts: readonly string[];
  /** How COMMENT ON and the like name an object of the same side, e.g. `column public.users.email`. */
  readonly address: (of: ObjectId) => string;
  /** How GRANT names an object of the same side, e.g. `table public.some_view`. */
  readonly grantAddress: (of: ObjectId) => string;
  /** Attributes of an object of the same side, if it is there. */
  readonly rowOf: (of: ObjectId) => Readonly<Record<string, unknown>> | undefined;
  /** Whether values of a type become values of another by themselves, by a cast, or only through text. */
  readonly cast: Casts;
}

/** As a list of its own. */
export const statementsOf = (statements: Statements): readonly Statement[] =>
  (typeof statements === "string" ? [statements] : statements).map((one) =>
    typeof one === "string" ? { sql: one } : one,
  );
