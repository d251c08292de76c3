import type { Conflict } from "../coordinate/intents/conflict.ts";
import type { HistoryRow } from "../coordinate/intents/history-row.ts";
import type { Intent } from "../coordinate/intents/intent.ts";
import { table } from "./table.ts";

/** A moment as people read it: UTC, to the second. */
export const shown = (moment: string): string => `${moment.slice(0, 19).replace("T", " ")}Z`;

const statusOf = ({ status, expired }: Intent): string => (expired ? `${status}, lease expired` : status);

/** One intent, a line for each thing worth knowing. */
export function intentText(intent: Intent): string {
  const rows: readonly (readonly [string, string | null])[] = [
    ["Intent", intent.id],
    ["Agent", intent.agent_id],
    ["Feature", intent.feature_name],
    ["Branch", intent.branch_name],
    ["Status", statusOf(intent)],
    ["Lease until", intent.lease_expires_at === null ? null : shown(intent.lease_expires_at)],
    ["Risk", intent.risk_level],
    ["Tables", intent.opaque ? "anything" : intent.tables_affected.join(", ")],
    ["Versions", intent.reserved_versions.join(", ")],
    ["Outcome", [intent.outcome, intent.outcome_notes].filter((word) => word !== null).join(": ")],
    ["Merged as", intent.merge_commit],
  ];
  return rows
    .filter(([, value]) => value !== null && value !== "")
    .map(([title, value]) => `${title.padEnd(12)} ${value}`)
    .join("\n");
}

/** What stands between an intent and others, seen from its side where that is known. */
export const conflictLines = (conflicts: readonly Conflict[], intentId?: string): string[] =>
  conflicts.map((conflict) => {
    const { id, intent_b: older, agent_a: newcomer, agent_b: other } = conflict;
    const agent = intentId === older ? newcomer : other;
    const sides = intentId === undefined ? `${newcomer} and ${other}` : `with ${agent}`;
    const number = id === 0 ? "" : `conflict ${id}: `;
    const end = conflict.reviewed ? `; resolved: ${conflict.resolution_notes ?? ""}` : "";
    return `${number}${conflict.conflict_type}: ${conflict.affected_objects.join(", ")} [${conflict.severity}] ${sides}${end}`;
  });

/** The same for who has just asked: with what it is about, where it stands, and what to do. */
export const conflictTexts = (conflicts: readonly Conflict[], intentId?: string): string[] =>
  conflicts.flatMap((conflict) => [
    ...conflictLines([conflict], intentId),
    ...conflict.clashes.map(({ explanation, a, b }) => `  ${explanation} (${placeOf(a)}; ${placeOf(b)})`),
    ...conflict.resolution_suggestions.map((suggestion) => `  -> ${suggestion}`),
  ]);

const placeOf = ({ file, line, operation }: Conflict["clashes"][number]["a"]): string =>
  `${operation}${file === null ? "" : `, ${file}:${line}`}`;

/** Intents one below the other, with the whole ids that other commands take. */
export function intentTable(intents: readonly Intent[]): string {
  if (intents.length === 0) return "No intents.";
  return table(
    ["id", "agent", "feature", "status", "risk", "tables"],
    intents.map((intent) => [
      intent.id,
      intent.agent_id,
      intent.feature_name,
      statusOf(intent),
      intent.risk_level,
      intent.opaque ? "anything" : intent.tables_affected.join(", "),
    ]),
  );
}

/** One line of the history. */
export const historyLine = (row: HistoryRow): string =>
  `${shown(row.changed_at)}  ${row.intent_id}  ${row.agent_id}, ${row.feature_name}: ${row.old_status === null ? "" : `${row.old_status} -> `}${row.new_status}, by ${row.changed_by}${row.reason === null ? "" : ` (${row.reason})`}`;
