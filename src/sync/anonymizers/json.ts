import * as z from "zod";
import { defineAnonymizer, type MayGive } from "../anonymizer.ts";
import { type JsonLeaf, leavesOf } from "../json/leaves.ts";
import { foundInDocuments } from "../json/proposal.ts";
import { columnOf, type KindMaskers, kindMaskers } from "../json/masker.ts";
import { pathTree, rulesByPath } from "../json/paths.ts";
import type { Masker } from "../keyed/masker.ts";

const options = z.strictObject({
  paths: rulesByPath
    .default({})
    .describe(
      "A rule for each path, such as `customer.email` or `items.*.name`; `*` is any key and any element, and a key with a dot stands in double quotes",
    ),
  keys: rulesByPath
    .default({})
    .describe("A rule for the keys of the object at each path; all other keys stay as they are"),
  others: z
    .literal(["keep", null])
    .default(null)
    .describe("What becomes of values that no path names: null, or they are kept"),
});
type Options = z.infer<typeof options>;

/** Reads documents with the paths of the options. */
async function reader({ paths, keys }: Options) {
  const { createScanner } = await import("jsonc-parser");
  const tree = pathTree(Object.keys(paths), Object.keys(keys));
  return (text: string) => leavesOf(text, tree, createScanner);
}

/** Rules as the tree numbers them, with their paths. */
const rulesOf = ({ paths, keys }: Options) => [...Object.entries(paths), ...Object.entries(keys)];

/** A document, and what stands in for each of its leaves; undefined for one that stays. */
interface Draft {
  readonly text: string;
  readonly leaves: readonly JsonLeaf[];
  readonly replacements: (string | undefined)[];
}

function draftOf(text: string, leaves: readonly JsonLeaf[] | null, { others }: Options): Draft {
  if (leaves === null) return { text: "null", leaves: [], replacements: [] };
  const replacements = leaves.map(({ rule, kind }) => {
    if (rule === undefined && others === "keep") return undefined;
    return kind === "key" ? '""' : "null";
  });
  return { text, leaves, replacements };
}

/** Writes the replacements of the leaves that have a rule; those of one rule and kind go to their masker together. */
function replaceLeaves(drafts: readonly Draft[], maskers: readonly KindMaskers[]): void {
  const groups = new Map<Masker, { readonly draft: Draft; readonly at: number }[]>();
  for (const draft of drafts) {
    draft.leaves.forEach(({ rule, kind }, at) => {
      const masker = rule === undefined ? null : maskers[rule]![kind];
      if (masker === null) return;
      const group = groups.get(masker);
      if (group === undefined) groups.set(masker, [{ draft, at }]);
      else group.push({ draft, at });
    });
  }
  for (const [masker, group] of groups) {
    const masked = masker(
      group.map(({ draft: { text, leaves }, at }) => text.slice(leaves[at]!.start, leaves[at]!.end)),
    );
    group.forEach(({ draft: { replacements }, at }, i) => (replacements[at] = masked[i] ?? replacements[at]));
  }
}

function written({ text, leaves, replacements }: Draft): string {
  let result = "";
  let from = 0;
  leaves.forEach(({ start, end }, at) => {
    const replacement = replacements[at];
    if (replacement === undefined) return;
    result += text.slice(from, start) + replacement;
    from = end;
  });
  return result + text.slice(from);
}

export const json = defineAnonymizer({
  name: "json",
  summary: "Other anonymizers for the values at paths of a JSON document, null for all others",
  options,
  accepts: ["json", "jsonb"],
  isPartial: true,
  isKeyed: true,
  distinctness: () => "lossy",
  async prepare(given, { isUnique }, tools) {
    const read = await reader(given);
    const maskers: KindMaskers[] = [];
    for (const [path, rule] of rulesOf(given)) {
      maskers.push(await kindMaskers(path, rule, { tools, isUnique }));
    }
    return {
      masker(values) {
        const drafts = values.map((value) => draftOf(value, read(value), given));
        replaceLeaves(drafts, maskers);
        return drafts.map(written);
      },
    };
  },
  async mayGive(given, column, inner) {
    const read = await reader(given);
    const rules: MayGive[] = [];
    for (const [, rule] of rulesOf(given)) rules.push(await inner(rule, columnOf("string", column)));
    return (value) =>
      (read(value) ?? []).every(({ start, end, kind, rule }) => {
        if (rule === undefined) return given.others === "keep";
        const text = value.slice(start, end);
        return rules[rule]!(kind === "string" || kind === "key" ? (JSON.parse(text) as string) : text);
      });
  },
  recognises: { within: foundInDocuments },
  example: {
    options: { paths: { "customer.email": "email", "items.*.price": "keep" } },
    type: "json",
    values: ['{"customer": {"email": "ada@lovelace.org", "age": 36}, "items": [{"price": 12.50}]}'],
  },
});
