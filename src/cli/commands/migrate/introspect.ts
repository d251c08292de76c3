import * as z from "zod";
import { introspect, introspectOutput, type IntrospectResult } from "../../../workflows/introspect.ts";
import { defineCommand } from "../../command.ts";
import { inFolder, migrationFlags, resolveFlags, targetWithoutUrl, urlOf } from "../../database.ts";
import { scratchFlags, scratchOptionsOf } from "../../scratch-flags.ts";

export const command = defineCommand({
  path: "migrate introspect",
  summary: "Find out which version of the migrations a database is",
  options: z.object({
    ...migrationFlags,
    snapshotsDir: z
      .string()
      .optional()
      .describe("Compare with the <version>_<name>.sql schemas of this directory, not with the chain"),
    ...scratchFlags,
  }),
  output: introspectOutput,
  run: async (context, options) => {
    const resolved = await resolveFlags(context, options, { command: "reads" });
    const url = (await urlOf(context, resolved))!;
    const { snapshotsDir } = options;
    return introspect(
      { ...targetWithoutUrl(context, resolved, options), url },
      {
        snapshotsDir: snapshotsDir === undefined ? undefined : inFolder(context.cwd, snapshotsDir),
        scratch: scratchOptionsOf(context, options, resolved.settings),
      },
    );
  },
  text: (result) =>
    [
      `Compared ${result.compared} version(s), leaving out ${result.ignored_kinds.join(", ")}`,
      ...result.candidates.flatMap(candidateLines),
      ...result.failed.map(({ version, error }) => `  ${version}: not known: ${error}`),
      verdict(result),
      result.recommendation,
    ].join("\n"),
});

function candidateLines({ version, name, changes, differences }: IntrospectResult["candidates"][number]) {
  const more = changes - differences.length;
  return [
    `  ${version}_${name}: ${changes === 0 ? "exact" : `${changes} change(s)`}`,
    ...differences.map((line) => `    ${line}`),
    ...(more > 0 ? [`    and ${more} more`] : []),
  ];
}

const verdict = ({ confidence, detected_version, ambiguous }: IntrospectResult): string =>
  confidence === "none"
    ? "The database is exactly none of them"
    : `The database is exactly ${detected_version}${ambiguous ? ", and others" : ""}`;
