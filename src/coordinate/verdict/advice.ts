import { nameOf } from "../footprint/objects.ts";
import type { Footprint, Touch, TouchedObject } from "../footprint/touch.ts";
import type { Clash, Relation } from "./verdict.ts";

type Statement = Footprint["statements"][number];

interface Found {
  /** timing: the order does not matter, but not both at a time. */
  readonly relation: Relation | "timing";
  readonly object: TouchedObject;
  readonly a: Touch;
  readonly b: Touch;
  readonly places: readonly [a: Statement, b: Statement];
}

/** Types of conflict by what an object is; anything else is something that others depend on. */
const BY_OBJECT: Readonly<Record<string, Clash["type"]>> = {
  column: "column",
  constraint: "constraint",
  "constraint name": "constraint",
  function: "function",
  index: "index",
  relation: "table",
};

/** A clash in words: what it is, and what to do. */
export function adviceFor(found: Found): Clash {
  const { object } = found;
  const isTiming = found.relation === "timing";
  const relation = found.relation === "timing" ? "order matters" : found.relation;
  const [a, b] = found.places.map(({ file, line, operation }, i) => {
    const mode = isTiming ? null : [found.a, found.b][i]!.mode;
    return { file, line, operation, mode };
  });
  return {
    type: typeOf(found),
    relation,
    severity: relation === "order matters" || relation === "independent" ? "warning" : "error",
    object,
    a: a!,
    b: b!,
    ...wordsFor(found),
  };
}

function typeOf({ relation, object, a, b }: Found): Clash["type"] {
  if (relation === "timing") return "timing";
  if (a.mode === "write data" || b.mode === "write data") return "timing";
  const isBuiltOn = relation === "order matters" && (a.mode === "read" || b.mode === "read");
  if (relation === "opaque" || a.via !== null || b.via !== null || isBuiltOn) return "dependency";
  return BY_OBJECT[object.part?.type ?? object.type] ?? "dependency";
}

/** What is done to an object, in a sentence about it. */
const DONE: Readonly<Record<Touch["mode"], string>> = {
  "add child": "changed in a part",
  "change shape": "changed",
  create: "made",
  drop: "dropped",
  opaque: "touched by code that cannot be looked into",
  read: "used",
  "read data": "read",
  rename: "renamed",
  "write data": "written",
};

function wordsFor({ relation, object, a, b }: Found): Pick<Clash, "explanation" | "suggestion"> {
  const name = nameOf(object);
  const said = ({ mode, via }: Touch) => `${DONE[mode]}${via === null ? "" : ` (${via})`}`;
  const both =
    said(a) === said(b)
      ? `${name} is ${said(a)} by both`
      : `${name} is ${said(a)} by one side and ${said(b)} by the other`;
  switch (relation) {
    case "opaque":
      return {
        explanation: `One side runs code that cannot be looked into, and the other touches ${name}.`,
        suggestion: "Prove it: `confiture coordinate prove` runs both orders on a scratch database.",
      };
    case "duplicate":
      return {
        explanation: `Both do the same to ${name}.`,
        suggestion: "Leave it to one side: abandon one intent, or take the statement out of it.",
      };
    case "timing":
      return {
        explanation: `Both lock ${name}, and one of them goes through its rows meanwhile.`,
        suggestion: "Run them one after the other, not in the same deploy window.",
      };
    case "conflict":
      return {
        explanation: `${both}.`,
        suggestion: "Agree on one of them: change or abandon one intent, or build the later on the earlier.",
      };
    case "independent":
    case "order matters":
      return {
        explanation: `${both}, so that the order matters.`,
        suggestion: "Agree on the order, and rebase the later one on the earlier.",
      };
  }
}
