import type { Treatment } from "../treatment.ts";
import type { Decision } from "./decide.ts";
import { keyOf } from "./subjects.ts";

/** One column of a proposal, as the result tells it. */
interface ProposedColumn {
  readonly column: string;
  readonly type: string;
  readonly anonymizer: string;
  readonly options: Record<string, unknown>;
  readonly domain: string | null;
  readonly existing: boolean;
  readonly origin: "rule" | "foreign key";
  readonly values: number | null;
  readonly matched: number | null;
  readonly reason: string;
}

interface ProposedTable {
  readonly table: string;
  readonly columns: ProposedColumn[];
}

/** What rules say of every column, and why. */
export function proposedTables(
  treatments: readonly Treatment[],
  decisions: readonly Decision[],
): ProposedTable[] {
  const decided = new Map(
    decisions.flatMap((decision) =>
      decision.subject.members.map((member) => [keyOf(member), decision] as const),
    ),
  );
  const tables = new Map<string, ProposedColumn[]>();
  for (const treatment of treatments) {
    const columns = tables.get(treatment.table) ?? [];
    tables.set(treatment.table, [...columns, proposedColumn(treatment, decided.get(keyOf(treatment)))]);
  }
  return [...tables].map(([table, columns]) => ({ table, columns }));
}

function proposedColumn(treatment: Treatment, decision: Decision | undefined): ProposedColumn {
  const { column, rule, origin } = treatment;
  return {
    column: column.name,
    type: column.sqlType,
    anonymizer: rule.anonymizer.name,
    options: { ...rule.options },
    domain: rule.domain ?? null,
    existing: decision === undefined,
    origin: origin === "rule" ? "rule" : "foreign key",
    values: decision?.values.length ?? null,
    matched: decision?.matched ?? null,
    reason: reasonOf(treatment, decision),
  };
}

function reasonOf(treatment: Treatment, decision: Decision | undefined): string {
  if (decision === undefined)
    return treatment.origin === "rule" ? "as the file says" : "a foreign key joins it";
  const home = keyOf(decision.subject.home);
  return home === keyOf(treatment) ? decision.reasons.join("; ") : `the rule of ${home}`;
}
