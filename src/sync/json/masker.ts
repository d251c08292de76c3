import { ConfitureError } from "../../base/errors.ts";
import { columnOfType, type MaskedColumn, type Tools } from "../anonymizer.ts";
import type { JsonLeaf } from "./leaves.ts";
import type { Masker } from "../keyed/masker.ts";
import type { RuleText } from "../rule-schema.ts";

type Kind = JsonLeaf["kind"];

/** What one rule does with JSON values of each kind, as JSON text; null for those that its anonymizer does not take. */
export type KindMaskers = Readonly<Record<Kind, Masker | null>>;

/** The type that a rule is asked for when it is to do with values of a kind. */
const TYPES: Readonly<Record<Kind, string>> = {
  string: "text",
  key: "text",
  number: "numeric",
  bool: "bool",
  json: "json",
};

/** The column of such values inside another. */
export const columnOf = (kind: Kind, { isUnique }: Pick<MaskedColumn, "isUnique">): MaskedColumn =>
  columnOfType(TYPES[kind], { isUnique });

/** Throws as `prepare` when a rule fits values of no kind; `path` is for the message. */
export async function kindMaskers(
  path: string,
  rule: RuleText,
  { tools, isUnique }: { readonly tools: Tools; readonly isUnique: boolean },
): Promise<KindMaskers> {
  const refusals: ConfitureError[] = [];
  const of = async (kind: Kind): Promise<Masker | null> => {
    try {
      return await tools.masker(rule, columnOf(kind, { isUnique }));
    } catch (error) {
      if (!(error instanceof ConfitureError)) throw error;
      refusals.push(error);
      return null;
    }
  };
  const [text, number, bool, json] = [
    await of("string"),
    await of("number"),
    await of("bool"),
    await of("json"),
  ];
  if (text === null && number === null && bool === null && json === null) {
    const [first] = refusals;
    throw new ConfitureError(first!.code, `path ${path}: ${first!.message}`, { cause: first });
  }
  return {
    string: text && onText(text),
    key: text && onText(text),
    number: number === null ? text && onDigits(text) : onNumbers(number, text && onDigits(text)),
    bool: bool && onBooleans(bool),
    json: json && onJson(json),
  };
}

type Result = string | null;

/** What stays is written as it was. */
const onText =
  (masker: Masker): Masker =>
  (values) => {
    const decoded = values.map((value) => JSON.parse(value) as string);
    return masker(decoded).map((value, i) =>
      value === null ? null : value === decoded[i] ? values[i]! : JSON.stringify(value),
    );
  };

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

const asNumber = (value: Result): Result =>
  value === null || NUMBER.test(value) ? value : JSON.stringify(value);

/** A number by an anonymizer of text; a string where the result is no number. */
const onDigits =
  (masker: Masker): Masker =>
  (values) =>
    masker(values).map(asNumber);

/** Numbers whose exponent is out of reach are left to the other masker. */
function onNumbers(masker: Masker, other: Masker | null): Masker {
  return (values) => {
    const plain = values.map(withoutExponent);
    const masked = masker(plain.filter((value) => value !== null));
    const rest = values.filter((_, i) => plain[i] === null);
    const others = other?.(rest) ?? [];
    return values.map((value, i) => {
      if (plain[i] === null) return others.shift() ?? null;
      const result = masked.shift()!;
      return result === plain[i] ? value : asNumber(result);
    });
  };
}

/** Digits that an exponent may add. */
const MOST_DIGITS = 1000;

/** As PostgreSQL writes numbers; null for one of too many digits. */
function withoutExponent(value: string): string | null {
  const [, sign = "", whole = "", part = "", exponent] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(value) ?? [];
  if (exponent === undefined) return value;
  const shift = Number(exponent);
  if (Math.abs(shift) > MOST_DIGITS) return null;
  const digits = "0".repeat(Math.max(0, -shift)) + whole + part + "0".repeat(Math.max(0, shift));
  const point = whole.length + shift + Math.max(0, -shift);
  const before = digits.slice(0, point).replace(/^0+(?=\d)/, "");
  const after = digits.slice(point, point + Math.max(0, part.length - shift));
  return sign + before + (after === "" ? "" : `.${after}`);
}

const BOOLEANS: Readonly<Record<string, string>> = { t: "true", true: "true", f: "false", false: "false" };

const onBooleans =
  (masker: Masker): Masker =>
  (values) =>
    masker(values.map((value) => value[0]!)).map(
      (value) => value && (BOOLEANS[value] ?? JSON.stringify(value)),
    );

const onJson =
  (masker: Masker): Masker =>
  (values) =>
    masker(values).map((value, i) =>
      value === values[i] || (value !== null && isJson(value)) ? value : null,
    );

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
