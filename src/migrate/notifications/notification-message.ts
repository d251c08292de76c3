import type { RunSummary, Webhook } from "./notification.ts";

/** How many migrations a message lists. */
const LISTED = 20;

/** The one line that says how a run ended. */
export function subjectOf(summary: RunSummary): string {
  const { database, environment, test } = summary;
  const where = environment === null ? database : `${environment} (${database})`;
  return `${test ? "[Test] " : ""}[Migration] ${where}: ${endOf(summary)}`;
}

function endOf({ success, applied, direction, error }: RunSummary): string {
  const done = `${applied.length} migration(s) ${direction === "up" ? "applied" : "rolled back"}`;
  if (success) return applied.length === 0 ? "nothing to do" : done;
  return `failed${error === null ? "" : ` with ${error.code}`}, ${done}`;
}

/** Everything below the subject, for people. */
export function textOf(summary: RunSummary): string {
  const { applied, error, pending_count, duration_ms, started_at, host } = summary;
  const listed = applied
    .slice(0, LISTED)
    .map((m) => `${m.version} ${m.name} (${m.duration_ms} ms)`)
    .concat(applied.length > LISTED ? [`and ${applied.length - LISTED} more`] : []);
  return [
    ...listed,
    ...(error === null ? [] : [`${error.code}: ${error.message}`]),
    ...(pending_count === null ? [] : [`${pending_count} pending`]),
    `${duration_ms} ms from ${started_at}, run on ${host}`,
  ].join("\n");
}

/** What a webhook of this preset gets. */
export const bodyOf: Readonly<Record<Webhook["preset"], (summary: RunSummary) => object>> = {
  json: (summary) => ({ event: "migration_completed", ...summary }),
  slack: (summary) => {
    const text = escaped(textOf(summary));
    return {
      text: escaped(subjectOf(summary)),
      attachments: [{ color: summary.success ? "#36a64f" : "#cc0000", text, fallback: text }],
    };
  },
};

/** Slack gives a meaning to three characters, e.g. `<!channel>`; a migration's error may hold them. */
const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
