import * as z from "zod";
import { defineAnonymizer, type MayGive } from "../anonymizer.ts";
import { type JsonLeaf, leavesOf } from "../json-leaves.ts";
import { columnOf, type KindMaskers, kindMaskers } from "../json-masker.ts";
import { pathTree, rulesByPath } from "../json-paths.ts";

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

/** A leaf of one of many documents, as the text of its value. */
interface Found extends JsonLeaf {
  readonly document: number;
  readonly text: string;
}

/** What stands in for each leaf; those of one rule and kind go to their masker together. */
function replacementsOf(found: readonly Found[], maskers: readonly KindMaskers[]): string[] {
  const results = found.map(({ kind }): string => (kind === "key" ? '""' : "null"));
  const groups = new Map<string, number[]>();
  found.forEach(({ rule, kind }, i) => {
    const group = `${rule} ${kind}`;
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [i]);
    else members.push(i);
  });
  for (const members of groups.values()) {
    const { rule, kind } = found[members[0]!]!;
    const masker = rule === undefined ? null : maskers[rule]![kind];
    const masked = masker?.(members.map((i) => found[i]!.text)) ?? [];
    masked.forEach((value, i) => (results[members[i]!] = value ?? results[members[i]!]!));
  }
  return results;
}

/** The documents with other text where leaves were; null for those that are no JSON. */
function replaceAll(
  documents: readonly string[],
  found: readonly Found[],
  replacements: readonly string[],
): string[] {
  const pieces = documents.map((): string[] => []);
  const ends = documents.map(() => 0);
  found.forEach(({ document, start, end }, i) => {
    pieces[document]!.push(documents[document]!.slice(ends[document], start), replacements[i]!);
    ends[document] = end;
  });
  return documents.map((text, document) => pieces[document]!.join("") + text.slice(ends[document]));
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
        const leaves = values.map(read);
        const documents = values.map((value, i) => (leaves[i] === null ? "null" : value));
        const found = leaves.flatMap((list, document) =>
          (list ?? [])
            .filter(({ rule }) => rule !== undefined || given.others === null)
            .map((leaf) => ({ ...leaf, document, text: documents[document]!.slice(leaf.start, leaf.end) })),
        );
        return replaceAll(documents, found, replacementsOf(found, maskers));
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
  example: {
    options: { paths: { "customer.email": "email", "items.*.price": "keep" } },
    type: "json",
    values: ['{"customer": {"email": "ada@lovelace.org", "age": 36}, "items": [{"price": 12.50}]}'],
  },
});
