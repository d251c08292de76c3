import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import { type Issue, issueOf, issueSchema } from "../base/issue.ts";
import { defineOutput } from "../base/output.ts";
import type { Connection } from "../pg/connection.ts";
import { readForeignKeys, readTables } from "./catalog.ts";
import { prepareColumn } from "./copy/table-copy.ts";
import { masterKey } from "./keyed/master-key.ts";
import type { Rules } from "./rules-file.ts";
import { type Selection, selectTables, withExcludes } from "./selection.ts";
import { classify } from "./treatment.ts";

export const syncCheckOutput = defineOutput(
  "sync.check",
  1,
  z.object({
    ok: z.boolean(),
    rules_file: z.string(),
    compared_with: z.string(),
    tables: z.int(),
    columns: z.int(),
    issues: z.array(issueSchema),
  }),
);
export type SyncCheckResult = z.infer<typeof syncCheckOutput.schema>;

export interface Checked {
  readonly tables: number;
  readonly columns: number;
  readonly issues: readonly Issue[];
}

/** Whether rules fit does not depend on the key. */
const ANY_KEY = masterKey("nothing depends on this");

/** Compare rules with the tables of a database: all that `sync` would refuse, without a look at rows. */
export async function checkRules(
  db: Connection,
  rules: Rules,
  { ours, ...selection }: Selection & { readonly ours: readonly string[] },
): Promise<Checked> {
  const all = await readTables(db, ours);
  const foreignKeys = await readForeignKeys(db);
  if (all.length === 0) return { tables: 0, columns: 0, issues: [] };
  const tables = selectTables(all, withExcludes(selection, [rules]));
  const source = { tables: all, foreignKeys };
  const { treatments, problems } = classify(tables, source, [rules], { allowPlaintext: false });
  const issues = problems.map(issueOf);
  for (const treatment of treatments) {
    const problem = await prepareColumn(treatment, { key: ANY_KEY }).then(
      () => null,
      (error: unknown) => {
        if (error instanceof ConfitureError) return error;
        throw error;
      },
    );
    if (problem !== null) issues.push(issueOf(problem));
  }
  return { tables: tables.length, columns: treatments.length, issues };
}
