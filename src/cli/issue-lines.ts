import type { Issue } from "../base/issue.ts";
import { issueText } from "./issue-text.ts";

/** Places named before the rest is only counted. */
const SHOWN = 5;

/** Issues for people: findings about replicas by code, so that a common one is one line; each other one by itself. */
export function issueLines(issues: readonly Issue[]): string[] {
  const isReplica = ({ code }: Issue) => code.startsWith("PFLIGHT_REPLICA_");
  const groups = new Map<string, Issue[]>();
  for (const issue of issues.filter(isReplica)) {
    const key = `${issue.severity} ${issue.code}`;
    groups.set(key, [...(groups.get(key) ?? []), issue]);
  }
  const single = issues.filter((issue) => !isReplica(issue));
  return [...single.map(issueText), ...[...groups].map(([title, group]) => groupLine(title, group))];
}

function groupLine(title: string, group: readonly Issue[]): string {
  const [first] = group;
  if (group.length === 1) return issueText(first!);
  const places = group.slice(0, SHOWN).map((issue) => `\n  ${placeOf(issue)}: ${operationOf(issue)}`);
  const rest = group.length > SHOWN ? `\n  and ${group.length - SHOWN} more` : "";
  return `${title}: ${group.length} statements${places.join("")}${rest}${remedyOf(first!)}`;
}

const placeOf = ({ file, line }: Issue) => `${file ?? ""}${line === null ? "" : `:${line}`}`;

const remedyOf = ({ actionable }: Issue) => (actionable === null ? "" : `\n  ${actionable}`);

function operationOf({ details: { operation, object }, message }: Issue): string {
  if (typeof operation !== "string") return message;
  return typeof object === "string" ? `${operation} on ${object}` : operation;
}
