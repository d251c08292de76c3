import type { Change } from "../../diff/change.ts";
import { KINDS } from "../../schema/kinds/index.ts";
import type { LinkedSnapshot } from "../../schema/snapshot.ts";

/** How many things a message names. */
export const SHOWN = 20;

const some = (names: readonly string[]): string =>
  names.slice(0, SHOWN).join(", ") + (names.length > SHOWN ? ", …" : "");

/** Secrets are never read. */
export const byHandWarnings = ({ objects }: LinkedSnapshot): string[] =>
  KINDS.flatMap((kind) => (objects[kind.name] ?? []).map((row) => kind.byHand?.(row) ?? null))
    .filter((what) => what !== null)
    .map((what) => `to be set by hand in each database: ${what}`);

export const leftOutWarning = (left: readonly string[]): string[] =>
  left.length === 0 ? [] : [`the files do not say ${left.length} thing(s): ${some(left)}`];

export const staleWarning = (stale: readonly string[]): string[] =>
  stale.length === 0 ? [] : [`${stale.length} other .sql file(s) in the directory were left: ${some(stale)}`];

export const reprintedWarning = (reprinted: readonly Change[]): string[] =>
  reprinted.length === 0
    ? []
    : [
        `PostgreSQL prints ${reprinted.length} expression(s) in another way once they were built from its own text, so that drift tells of them: ${some(reprinted.map(({ kind, object }) => `${kind} ${object}`))}`,
      ];
