import type { Mode } from "../footprint/touch.ts";
import type { Relation } from "./verdict.ts";

const READS: ReadonlySet<Mode> = new Set(["read", "read data"]);

/**
 * Whether two things that are done to the same object come out the same in either order. What is not listed here
 * does not: the list may be shorter than what PostgreSQL allows, never longer.
 */
export function commute(a: Mode, b: Mode): boolean {
  const [one, other] = READS.has(a) ? [a, b] : [b, a];
  if (READS.has(one) && READS.has(other)) return true;
  if (a === "add child" && b === "add child") return true;
  if (one === "read") return other === "add child" || other === "write data";
  return one === "read data" && other === "add child";
}

/** What two things done to one object are to each other, when they do not commute. */
export function relationOf(a: Mode, b: Mode): Relation {
  if (a === b) return a === "drop" ? "duplicate" : a === "write data" ? "order matters" : "conflict";
  const modes = new Set([a, b]);
  const isGone = modes.has("drop") || modes.has("rename");
  return isGone ? "conflict" : "order matters";
}
