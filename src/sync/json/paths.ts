import * as z from "zod";
import { ruleSchema } from "../rule-schema.ts";

/** A part of a path: `*`, a key in double quotes, or a key without dots. */
const PART = /\*|"(?:[^"\\]|\\.)+"|[^."*\s][^."*]*/y;

/** Where paths go on from a place in a document, and what ends there. */
export interface PathNode {
  readonly keys: Map<string, PathNode>;
  any: PathNode | undefined;
  /** Number of the rule of what is there. */
  rule: number | undefined;
  /** Number of the rule of the keys of the object that is there. */
  keyRule: number | undefined;
}

/** Places that a spot in a document matches, the one with more exact keys first. */
export type Places = readonly PathNode[];

const newNode = (): PathNode => ({ keys: new Map(), any: undefined, rule: undefined, keyRule: undefined });

/** The keys of a path such as `items.*."unit.price"`, null for any; throws a SyntaxError for one that is not well-formed. */
function keysOf(path: string): (string | null)[] {
  const keys: (string | null)[] = [];
  PART.lastIndex = 0;
  for (;;) {
    const found = PART.exec(path)?.[0];
    if (found === undefined) throw new SyntaxError(path);
    keys.push(found === "*" ? null : found.startsWith('"') ? (JSON.parse(found) as string) : found);
    if (PART.lastIndex === path.length) return keys;
    if (path[PART.lastIndex++] !== ".") throw new SyntaxError(path);
  }
}

function isPath(path: string): boolean {
  try {
    return keysOf(path).length > 0;
  } catch {
    return false;
  }
}

/** An option: rules by paths that are well-formed. */
export const rulesByPath = z.record(z.string(), ruleSchema).superRefine((rules, context) => {
  for (const path of Object.keys(rules).filter((key) => !isPath(key))) {
    context.addIssue({
      code: "custom",
      path: [path],
      message: 'a path is keys with dots between them, * for any, and "…" around a key with a dot',
    });
  }
});

/** Paths as a tree: those of values, and behind them those of objects whose keys are values. */
export function pathTree(paths: readonly string[], keyPaths: readonly string[]): PathNode {
  const root = newNode();
  paths.forEach((path, number) => (nodeAt(root, path).rule = number));
  keyPaths.forEach((path, number) => (nodeAt(root, path).keyRule = paths.length + number));
  return root;
}

function nodeAt(root: PathNode, path: string): PathNode {
  let node = root;
  for (const key of keysOf(path)) {
    const next = (key === null ? node.any : node.keys.get(key)) ?? newNode();
    if (key === null) node.any = next;
    else node.keys.set(key, next);
    node = next;
  }
  return node;
}

/** The places one key, or one index of an array, further on. */
export function step(places: Places, key: string): Places {
  const next: PathNode[] = [];
  for (const { keys, any } of places) {
    const exact = keys.get(key);
    if (exact !== undefined) next.push(exact);
    if (any !== undefined) next.push(any);
  }
  return next;
}
