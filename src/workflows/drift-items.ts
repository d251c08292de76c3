import * as z from "zod";
import { type Change, changeText } from "../diff/change.ts";
import { KINDS } from "../schema/kinds/index.ts";

export const driftItemSchema = z.object({
  type: z.string().describe("missing_<kind>, extra_<kind>, <attribute>_mismatch or wrong_owner"),
  severity: z.enum(["critical", "warning", "info"]),
  kind: z.string(),
  object: z.string(),
  part_of: z.string().nullable().describe("Kind and name of what it is a part of in the end, e.g. its table"),
  attribute: z.string().nullable().describe("What differs; null where the whole object is missing or extra"),
  expected: z
    .string()
    .nullable()
    .describe("As the source has it: the object, or the attribute's value; null for nothing"),
  actual: z.string().nullable().describe("The same as the database has it"),
  message: z.string(),
  file: z
    .string()
    .nullable()
    .describe("The DDL file that makes the object or what it belongs to, when known"),
});

export type DriftItem = z.infer<typeof driftItemSchema>;

/**
 * What `changes` from the source to the database mean: one item per object that is missing or extra, without what
 * comes with it, and one per attribute that differs. What is missing is critical, all else a warning, unless the kind
 * says otherwise.
 */
export const driftItems = (
  changes: readonly Change[],
  fileOf: (change: Change) => string | null,
): DriftItem[] =>
  changes.filter(({ within }) => within === null).flatMap((change) => itemsOf(change, fileOf));

function itemsOf(change: Change, fileOf: (change: Change) => string | null): DriftItem[] {
  const { op, kind, object, part_of } = change;
  const drift = KINDS.find(({ name }) => name === kind)?.drift;
  const common = { kind, object, part_of, file: fileOf(change) };
  if (op === "~")
    return change.attributes.map((attribute) => ({
      type: drift?.type ?? `${snake(attribute.name)}_mismatch`,
      severity: drift?.severity ?? "warning",
      ...common,
      ...mismatch(change, attribute),
    }));
  const id = `${kind} ${object}`;
  const isMissing = op === "-";
  return [
    {
      type: drift?.type ?? `${isMissing ? "missing" : "extra"}_${snake(kind)}`,
      severity: drift?.severity ?? (isMissing ? "critical" : "warning"),
      ...common,
      attribute: null,
      expected: isMissing ? id : null,
      actual: isMissing ? null : id,
      message: isMissing ? `${id} is missing from the database` : `${id} is only in the database`,
    },
  ];
}

const mismatch = (change: Change, attribute: Change["attributes"][number]) => ({
  attribute: attribute.name,
  expected: valueText(attribute.from),
  actual: valueText(attribute.to),
  message: changeText([{ ...change, attributes: [attribute] }]).slice("~ ".length),
});

const snake = (name: string): string => name.replaceAll("-", "_");

const valueText = (value: unknown): string | null => {
  if (value === null || value === undefined) return null;
  return typeof value === "string" ? value : JSON.stringify(value);
};
