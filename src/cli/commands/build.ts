import { resolve } from "node:path";
import * as z from "zod";
import { build, buildOutput } from "../../build/build.ts";
import { ConfitureError } from "../../base/errors.ts";
import { resolveSettings } from "../../config/resolve.ts";
import { schemaInputOf } from "../../config/feature-settings.ts";
import { resolveFlags, urlOf, warnOfDeadKeys } from "../database.ts";
import { type Context, defineCommand } from "../command.ts";

export const command = defineCommand({
  path: "build",
  summary: "Write the whole schema as one script; --apply also builds the database",
  resultFlag: "report",
  options: z.object({
    env: z.string().optional().describe("Environment: db/environments/<env>.yaml").meta({ short: "e" }),
    config: z.string().optional().describe("Config file").meta({ short: "c" }),
    output: z
      .string()
      .optional()
      .describe("The script; default db/generated/schema_<env>.sql")
      .meta({ short: "o" }),
    apply: z.boolean().optional().describe("Run it on the environment's database"),
    databaseUrl: z.string().optional().describe("Run it on this database").meta({ short: "d" }),
    schemaOnly: z.boolean().optional().describe("Leave out files below a folder named seed or seeds"),
    projectDir: z.string().default(".").describe("The project's folder"),
    twoPass: z.boolean().optional().describe("Put all foreign keys after all tables"),
    noTwoPass: z.boolean().optional().describe("Leave them where they are, whatever the config file says"),
    separatorStyle: z
      .enum(["block_comment", "line_comment", "custom"])
      .optional()
      .describe("Between two files"),
    separatorTemplate: z.string().optional().describe("For custom; holds {file_path}"),
    noValidateComments: z.boolean().optional().describe("Do not look for unterminated comments and strings"),
    noFailOnUnclosed: z.boolean().optional().describe("Only warn about an unterminated comment or string"),
    noFailOnSpillover: z.boolean().optional().describe("Same as --no-fail-on-unclosed"),
    showHash: z.boolean().optional().describe("Print the schema's hash"),
  }),
  output: buildOutput,
  run: async (outer, options) => {
    const context = { ...outer, cwd: resolve(outer.cwd, options.projectDir) };
    const applies = options.apply === true || options.databaseUrl !== undefined;
    const { settings, url } = applies
      ? await withDatabase(context, options)
      : await withoutDatabase(context, options);
    const schema = schemaInputOf(settings);
    if (!schema) {
      throw new ConfitureError("SCHEMA_201", "there are no DDL files: no include_dirs, and no db/schema");
    }
    return build({
      ...schema,
      environment: settings.environment,
      output: options.output ?? `db/generated/schema_${settings.environment}.sql`,
      schemaOnly: options.schemaOnly,
      showHash: options.showHash,
      twoPass: options.twoPass ?? (settings.build.twoPass && !options.noTwoPass),
      separator: separatorOf(options) ?? settings.build.separator,
      checkUnterminated: unterminatedCheck(options, settings.build.failOnUnclosed),
      applyTo: url === undefined ? undefined : { url, environment: context.environment },
    });
  },
  text: ({ files_processed, output_path, schema_size_bytes, hash, applied }) =>
    [
      `Built ${files_processed} file(s) into ${output_path} (${schema_size_bytes} bytes)`,
      ...(hash === null ? [] : [`Hash ${hash}`]),
      ...(applied
        ? [`Applied ${applied.statements} statement(s), ${applied.deferred} of them later than their file`]
        : []),
    ].join("\n"),
  csv: (result) =>
    ["metric,value", ...METRICS.map((metric) => `${metric},${result[metric] ?? ""}`)].join("\n"),
  notes: ({ warnings }) => warnings.map((warning) => `warning: ${warning}`),
});

const METRICS = [
  "success",
  "files_processed",
  "schema_size_bytes",
  "output_path",
  "hash",
  "execution_time_ms",
] as const;

interface Where {
  readonly config?: string | undefined;
  readonly env?: string | undefined;
  readonly databaseUrl?: string | undefined;
}

async function withDatabase(context: Context, where: Where) {
  const resolved = await resolveFlags(context, where, { command: "writes" });
  return { settings: resolved.settings, url: await urlOf(context, resolved) };
}

/** Nothing is asked of the database that the config file names, not even that its variables are set. */
async function withoutDatabase(context: Context, { config, env }: Where) {
  const settings = await resolveSettings({ config, env, cwd: context.cwd, environment: context.environment });
  warnOfDeadKeys(context, settings);
  return { settings, url: undefined };
}

function unterminatedCheck(
  flags: {
    readonly [F in "noValidateComments" | "noFailOnUnclosed" | "noFailOnSpillover"]?: boolean | undefined;
  },
  failsByConfig: boolean,
): "fail" | "warn" | "off" {
  if (flags.noValidateComments) return "off";
  return flags.noFailOnUnclosed || flags.noFailOnSpillover || !failsByConfig ? "warn" : "fail";
}

function separatorOf(flags: {
  readonly separatorStyle?: "block_comment" | "line_comment" | "custom" | undefined;
  readonly separatorTemplate?: string | undefined;
}) {
  if (flags.separatorStyle === undefined && flags.separatorTemplate === undefined) return undefined;
  const style = flags.separatorStyle ?? "custom";
  if (style === "custom" && !flags.separatorTemplate?.includes("{file_path}")) {
    throw new ConfitureError(
      "CONFIG_008",
      "--separator-template: a custom separator needs {file_path} in its template",
    );
  }
  return { style, template: flags.separatorTemplate };
}
