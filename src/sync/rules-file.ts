import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import { parseYaml, type YamlFile } from "../base/yaml-file.ts";
import { parseRule, type Rule } from "./rule.ts";
import { ruleSchema, type RuleText } from "./rule-schema.ts";

/** Which rows of a table are copied; all of them where nothing is said. */
export interface RowRules {
  /** An SQL condition. */
  readonly where?: string | undefined;
  /** Above 0 and up to 1. */
  readonly sample?: number | undefined;
  readonly limit?: number | undefined;
  /** Rows that copied rows of other tables refer to: those alone, or those too. */
  readonly referenced?: "only" | "also" | undefined;
}

export interface ColumnRule {
  readonly column: string;
  readonly rule: Rule;
  /** Where it stands; null for one that was given on the command line. */
  readonly line: number | null;
}

export interface TableRules extends RowRules {
  /** As the file writes it. */
  readonly table: string;
  readonly line: number | null;
  readonly columns: readonly ColumnRule[];
}

export interface Rules {
  readonly file: string | null;
  readonly tables: readonly TableRules[];
  /** Globs of tables that are never copied. */
  readonly exclude: readonly string[];
  /** The shape of Confiture for Python, in which columns are named by the side of a strategy. */
  readonly isOlderShape: boolean;
}

const sample = z.union([
  z.number().gt(0).max(1),
  z
    .string()
    .regex(/^\d+(\.\d+)?%$/, "is a number up to 1, or percent such as 10%")
    .transform((text) => Number(text.slice(0, -1)) / 100)
    .pipe(z.number().gt(0).max(1)),
]);

/** What a rules file says of the rows of a table. */
export const rowRulesSchema = z.strictObject({
  where: z.string().min(1).optional(),
  sample: sample.optional(),
  limit: z.int().positive().optional(),
  referenced: z.enum(["only", "also"]).optional(),
});

const currentShape = z.strictObject({
  version: z.literal(1),
  exclude: z.array(z.string().min(1)).default([]),
  tables: z.record(
    z.string(),
    rowRulesSchema.extend({ columns: z.record(z.string(), ruleSchema.nullable()).default({}) }).nullable(),
  ),
});

const olderShape = z.record(
  z.string(),
  z.array(
    z.strictObject({
      column: z.string(),
      strategy: z.string(),
      seed: z.union([z.int(), z.string()]).optional(),
    }),
  ),
);

/**
 * Understand the text of a rules file, of either shape. Throws CONFIG_002 with the lines of what is malformed, ANON_1400
 * or ANON_1401 with file and line for a rule that is not understood.
 */
export function parseRules(text: string, file: string): Rules {
  const yaml = parseYaml(text, (problems) => malformed(file, problems));
  return "version" in yaml.value || "tables" in yaml.value ? current(yaml, file) : older(yaml, file);
}

function current(yaml: YamlFile, file: string): Rules {
  const { tables, exclude } = check(currentShape, yaml, file);
  return {
    file,
    exclude,
    isOlderShape: false,
    tables: Object.entries(tables).map(([table, rules]) => {
      const { columns = {}, ...rows } = rules ?? {};
      const ruleAt = ([column, rule]: readonly [string, RuleText | null]) =>
        columnRule(column, rule ?? "null", file, yaml.lineOf(["tables", table, "columns", column]));
      return {
        ...rows,
        table,
        line: yaml.lineOf(["tables", table]),
        columns: Object.entries(columns).map(ruleAt),
      };
    }),
  };
}

function older(yaml: YamlFile, file: string): Rules {
  const tables = check(olderShape, yaml, file);
  return {
    file,
    exclude: [],
    isOlderShape: true,
    tables: Object.entries(tables).map(([table, rules]) => ({
      table,
      line: yaml.lineOf([table]),
      columns: rules.map(({ column, strategy }, i) =>
        columnRule(column, strategy, file, yaml.lineOf([table, i])),
      ),
    })),
  };
}

function check<T extends z.ZodType>(schema: T, { value, lineOf }: YamlFile, file: string): z.infer<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw malformed(
    file,
    parsed.error.issues.map(({ path, message }) => {
      const place = path.map((part) => (typeof part === "symbol" ? String(part) : part));
      return { key: place.join("."), line: lineOf(place), message };
    }),
  );
}

function columnRule(column: string, rule: RuleText, file: string, line: number): ColumnRule {
  try {
    return { column, rule: parseRule(rule), line };
  } catch (error) {
    throw error instanceof ConfitureError ? error.with({ file, line }) : error;
  }
}

function malformed(
  file: string,
  problems: readonly { readonly key: string; readonly line: number; readonly message: string }[],
): ConfitureError {
  const lines = problems.map(
    ({ key, line, message }) => `line ${line}: ${key === "" ? "" : `${key}: `}${message}`,
  );
  return new ConfitureError("CONFIG_002", `${file} is not valid: ${lines.join("; ")}`, {
    file,
    line: problems[0]?.line,
    details: { problems },
  });
}
