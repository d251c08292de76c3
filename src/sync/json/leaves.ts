import type { createScanner } from "jsonc-parser";
import { type PathNode, type Places, step } from "./paths.ts";

/** A stretch of a document that is a value, or a key with a rule; `json` is an object or array with a rule of its own. */
export interface JsonLeaf {
  readonly start: number;
  readonly end: number;
  readonly kind: "string" | "number" | "bool" | "json" | "key";
  /** Number of its rule, where a path names it. */
  readonly rule: number | undefined;
}

/** An object or array that is being read. */
interface Frame {
  readonly places: Places;
  /** How many elements an array has so far; null for an object. */
  index: number | null;
  /** The key whose value is next. */
  key: string | null;
}

/** As jsonc-parser numbers what is no token. */
const UNKNOWN = 16;

const ruleOf = (places: Places): number | undefined => places.find(({ rule }) => rule !== undefined)?.rule;

/**
 * The values of a JSON document but for nulls, in their order. Nothing is decoded but keys, so that all that is written
 * stays as it is. Null for text that is no JSON.
 */
export function leavesOf(text: string, root: PathNode, newScanner: typeof createScanner): JsonLeaf[] | null {
  const scanner = newScanner(text, true);
  const leaves: JsonLeaf[] = [];
  const frames: Frame[] = [];
  let whole: { readonly start: number; readonly depth: number; readonly rule: number } | null = null;
  for (;;) {
    const token = scanner.scan();
    const start = scanner.getTokenOffset();
    const end = start + scanner.getTokenLength();
    if (start === text.length) return frames.length === 0 && text.trim() !== "" ? leaves : null;
    if (token === UNKNOWN || scanner.getTokenError() !== 0) return null;
    const sort = text[start]!;
    const frame = frames.at(-1);
    if (sort === "}" || sort === "]") {
      frames.pop();
      if (whole?.depth === frames.length) {
        leaves.push({ start: whole.start, end, kind: "json", rule: whole.rule });
        whole = null;
      }
    } else if (sort === ",") {
      if (frame === undefined) return null;
      if (frame.index === null) frame.key = null;
      else frame.index++;
    } else if (frame?.index === null && frame.key === null) {
      if (sort !== '"') return null;
      frame.key = scanner.getTokenValue();
      const rule = frame.places.find(({ keyRule }) => keyRule !== undefined)?.keyRule;
      if (rule !== undefined && whole === null) leaves.push({ start, end, kind: "key", rule });
    } else if (sort !== ":") {
      const places = placesOf(frame, root, whole !== null);
      const rule = ruleOf(places);
      if (sort === "{" || sort === "[") {
        if (rule !== undefined) whole = { start, depth: frames.length, rule };
        frames.push({ places, index: sort === "[" ? 0 : null, key: null });
      } else if (whole === null) {
        const kind = KINDS[sort] ?? "number";
        if (kind !== "null") leaves.push({ start, end, kind, rule });
      }
    }
  }
}

const KINDS: Readonly<Record<string, "string" | "bool" | "null">> = {
  '"': "string",
  t: "bool",
  f: "bool",
  n: "null",
};

/** Where the next value is; nowhere inside a value that is replaced as a whole. */
function placesOf(frame: Frame | undefined, root: PathNode, isInside: boolean): Places {
  if (isInside) return [];
  if (frame === undefined) return [root];
  return frame.places.length === 0 ? [] : step(frame.places, frame.key ?? String(frame.index));
}
