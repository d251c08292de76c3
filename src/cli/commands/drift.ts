import * as z from "zod";
import { ConfitureError } from "../../base/errors.ts";
import type { Look, Style } from "../../base/style.ts";
import { groupedBy } from "../../diff/change-groups.ts";
import type { Settings } from "../../config/environment.ts";
import type { Target } from "../../migrate/target.ts";
import type { DeclaredAccess } from "../../workflows/access/check-access.ts";
import { drift, driftOutput, type DriftResult } from "../../workflows/drift.ts";
import { configuredSide, pathSide } from "../../workflows/sides/ddl-side.ts";
import { liveSide } from "../../workflows/sides/live-side.ts";
import { parseSide } from "../../workflows/sides/parse-side.ts";
import type { Side, SideContext } from "../../workflows/sides/side.ts";
import { defineCommand } from "../command.ts";
import { migrationFlags, resolveFlags, targetWithoutUrl, urlOf } from "../database.ts";
import { scratchFlags, scratchOptionsOf } from "../scratch-flags.ts";
import { sideContextOf } from "../side-flags.ts";

const options = z.object({
  ...migrationFlags,
  schema: z.string().optional().describe("DDL folder or .sql file to compare with (default: include_dirs)"),
  checkAcls: z.boolean().optional().describe("Compare with `acls` of the config file"),
  checkOwnership: z.boolean().optional().describe("Compare with `ownership` of the config file"),
  against: z
    .string()
    .optional()
    .describe("Another source: migrations[@VERSION], git:REF[:PATH], a connection string"),
  ignore: z
    .array(z.string())
    .optional()
    .describe("Differences to count only, like `index public.*`; repeatable"),
  warnOnly: z.boolean().optional().describe("Nothing is critical"),
  failOnWarning: z.boolean().optional().describe("Exit 1 for any difference"),
  ...scratchFlags,
});

export const command = defineCommand({
  path: "drift",
  summary: "Say how a database differs from the DDL files or the migrations; writes nothing there",
  options,
  output: driftOutput,
  run: async (context, given) => {
    refuseContradictions(given);
    const resolved = await resolveFlags(context, given, { command: "reads" });
    const { settings } = resolved;
    const target = targetWithoutUrl(context, resolved, given);
    const source = await sourceOf(given, sideContextOf(context, settings, target));
    const live = { ...target, url: (await urlOf(context, resolved))! };
    const access = accessOf(given, settings, live);
    return drift(source, liveSide(live), {
      access,
      ignore: [...settings.driftIgnore, ...(given.ignore ?? [])],
      warnOnly: given.warnOnly,
      failOnWarning: given.failOnWarning,
      scratch: scratchOptionsOf(context, given, settings),
    });
  },
  text: (result, style) =>
    [...itemLines(result, style), ...ignoredLines(result), verdict(result, style)].join("\n"),
  notes: ({ hints }) => hints.map((hint) => `hint: ${hint}`),
  exit: ({ ok }) => (ok ? 0 : 1),
});

function refuseContradictions({ schema, against, warnOnly, failOnWarning }: z.infer<typeof options>): void {
  const refuse = (one: string, other: string) => {
    throw new ConfitureError("CONFIG_008", `${one} and ${other} exclude each other`);
  };
  if (schema !== undefined && against !== undefined) refuse("--schema", "--against");
  if (warnOnly && failOnWarning) refuse("--warn-only", "--fail-on-warning");
}

/** None where only what is declared in the config file is asked about. */
async function sourceOf(
  { schema, against, checkAcls, checkOwnership }: z.infer<typeof options>,
  context: SideContext,
): Promise<Side | null> {
  if (against !== undefined) return parseSide(against, context);
  if (schema === undefined && (checkAcls || checkOwnership)) return null;
  return schema === undefined ? configuredSide(context) : pathSide(schema, context);
}

/** What the config file declares of what is asked; throws CONFIG_001 for what it does not. */
function accessOf(
  { checkAcls, checkOwnership }: z.infer<typeof options>,
  { raw: { acls, ownership } }: Settings,
  target: Target,
): DeclaredAccess | undefined {
  if (!checkAcls && !checkOwnership) return undefined;
  const refuse = (flag: string, key: string) =>
    new ConfitureError("CONFIG_001", `${flag} compares with ${key}, which the config file does not have`);
  const grants = Array.isArray(acls) ? acls : acls?.expectations;
  if (checkAcls && !grants?.length) throw refuse("--check-acls", "acls");
  if (checkOwnership && !ownership?.apply_to.length) throw refuse("--check-ownership", "ownership.apply_to");
  return {
    target,
    grants: checkAcls ? grants : undefined,
    owners: (checkOwnership && ownership) || undefined,
  };
}

type Item = DriftResult["drift_items"][number];

const LOOKS: Readonly<Record<Item["severity"], Look>> = {
  critical: "danger",
  warning: "caution",
  info: "aside",
};

/** Each item below what its object belongs to. */
function itemLines({ drift_items }: DriftResult, style: Style): string[] {
  const wholeOf = ({ kind, object, part_of }: Item) => part_of ?? `${kind} ${object}`;
  return [...groupedBy(drift_items, wholeOf)].flatMap(([whole, items]) => [
    style("heading", whole),
    ...items.map((item) => lineOf(item, style)),
  ]);
}

const lineOf = ({ severity, type, message, file }: Item, style: Style): string =>
  `  ${style(LOOKS[severity], severity.padEnd("critical".length))}  ${type}  ${message}${file === null ? "" : ` (${file})`}`;

const ignoredLines = ({ ignored_count }: DriftResult): string[] =>
  ignored_count === 0 ? [] : [`${ignored_count} difference(s) ignored`];

function verdict(result: DriftResult, style: Style): string {
  const { database_name, expected_schema_source, objects_checked, ignored_count } = result;
  const compared = `${database_name} and ${expected_schema_source} (${objects_checked} object(s) compared)`;
  if (!result.has_drift) return `No ${ignored_count > 0 ? "other " : ""}drift between ${compared}`;
  const { critical_count, warning_count, info_count } = result;
  const counts = `${critical_count} critical, ${warning_count} warning, ${info_count} info`;
  return style(critical_count > 0 ? "danger" : "caution", `Drift between ${compared}: ${counts}`);
}
