import * as z from "zod";
import { ConfitureError } from "../../../base/errors.ts";
import { status, statusOutput, type StatusResult } from "../../../migrate/status.ts";
import { defineCommand } from "../../command.ts";
import { migrationFlags, resolveFlags, targetWithoutUrl, urlOf } from "../../database.ts";
import { table } from "../../table.ts";

export const command = defineCommand({
  path: "migrate status",
  summary: "Show which migrations are applied and which are pending; writes nothing",
  options: z.object({
    ...migrationFlags,
    checkRebuild: z.boolean().optional().describe("Say whether building the schema anew is advised"),
    rebuildThreshold: z.coerce
      .number()
      .int()
      .min(1)
      .optional()
      .describe("Pending migrations from which it is (default: migration.rebuild_threshold, 5)"),
  }),
  output: statusOutput,
  run: async (context, options) => {
    if (options.rebuildThreshold !== undefined && !options.checkRebuild) {
      throw new ConfitureError("CONFIG_008", "--rebuild-threshold changes nothing without --check-rebuild");
    }
    const resolved = await resolveFlags(context, options, { command: "reads", allowNone: true });
    const target = { ...targetWithoutUrl(context, resolved, options), url: await urlOf(context, resolved) };
    const threshold = options.rebuildThreshold ?? resolved.settings.migration.rebuildThreshold;
    return status(target, { rebuildThreshold: options.checkRebuild ? threshold : undefined });
  },
  text: (result) =>
    [
      ...(result.migrations.length === 0
        ? ["No migrations."]
        : [table(["version", "name", "status", "applied at"], rowsOf(result)), "", totals(result)]),
      ...toRun(result).map(({ path, status: state }) => `repeatable ${path}: ${state}`),
      ...rebuildLines(result),
    ].join("\n"),
  csv: (result) =>
    ["version,name,status", ...result.migrations.map((m) => `${m.version},${m.name},${m.status}`)].join("\n"),
  notes: (result) => [
    ...(result.warning === null ? [] : [`warning: ${result.warning}`]),
    ...Object.entries(result.duplicate_versions).map(
      ([v, f]) => `warning: version ${v} is claimed by ${f.join(", ")}`,
    ),
    ...result.orphaned_migrations.map((file) => `warning: ${file} ${neverRun(file)}`),
    ...result.repeatables
      .filter(({ status: state }) => state === "missing")
      .map(({ path }) => `warning: ${path} ran once and is gone; what it made is still there`),
    ...result.half_done.map(
      (m) =>
        `warning: ${m.version} ${m.name} (${m.direction}) stopped after ${m.statements_done} of ${m.statements_total} statements${m.error === null ? "" : `: ${m.error}`}`,
    ),
    ...result.hints.map((hint) => `hint: ${hint}`),
  ],
  exit: (result) => {
    if (result.tracking_table === null) return 0;
    if (result.resolved_table === null) return 2;
    return result.pending.length + toRun(result).length + result.half_done.length > 0 ? 1 : 0;
  },
});

const neverRun = (file: string): string =>
  file.endsWith(".py")
    ? "is a Python migration, which is never run: port it and keep the version"
    : "is not named like a migration, and is never run";

/** What is not known to be as it should. */
const toRun = ({ repeatables }: StatusResult) =>
  repeatables.filter(({ status: state }) => state !== "applied" && state !== "missing");

const rowsOf = (result: StatusResult) =>
  result.migrations.map((m) => [
    m.version,
    m.name,
    m.status,
    m.applied_at?.replace("T", " ").slice(0, 19) ?? "",
  ]);

const totals = ({ summary, tracking_table }: StatusResult) =>
  tracking_table === null
    ? `${summary.total} on disk`
    : `${summary.applied} applied, ${summary.pending} pending, ${summary.total} on disk`;

const rebuildLines = ({ rebuild_recommended, rebuild_reasons = [] }: StatusResult): string[] => {
  if (rebuild_recommended === undefined) return [];
  return rebuild_recommended
    ? ["A rebuild is advised:", ...rebuild_reasons.map((reason) => `  ${reason}`)]
    : ["No rebuild is advised."];
};
