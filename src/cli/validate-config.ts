import { statSync } from "node:fs";
import { resolve } from "node:path";
import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import { type Issue, issueOf, issueSchema, newIssue } from "../base/issue.ts";
import { defineOutput } from "../base/output.ts";
import type { Settings } from "../config/environment.ts";
import { type Inspected, inspectSettings } from "../config/load.ts";
import { configFile, type DatabaseRequest, resolveDatabase } from "../config/resolve.ts";
import { runChecks } from "../migrate/check.ts";
import { CHECKS } from "../migrate/checks/index.ts";
import { findMigrations } from "../migrate/files.ts";
import { inFolder } from "./database.ts";

export const validateConfigOutput = defineOutput(
  "validate-config",
  1,
  z.object({
    valid: z.boolean(),
    config_source: z.enum(["yaml-file", "flags", "env"]).describe("What names the database"),
    migrations_path: z.string(),
    migration_count: z.int(),
    issues: z.array(issueSchema),
  }),
);

export type ValidateConfigResult = z.infer<typeof validateConfigOutput.schema>;

export interface ValidateConfigRequest extends Omit<DatabaseRequest, "command" | "allowNone"> {
  /** By default `db/migrations`, which may be missing. */
  readonly migrationsPath?: string | undefined;
  /** Warnings make it invalid as well. */
  readonly strict?: boolean | undefined;
}

/**
 * Everything that is wrong with a project's configuration and its migration files, in one report. Nothing is
 * connected to. Throws CONFIG_008 for options that exclude each other.
 */
export async function validateConfig(request: ValidateConfigRequest): Promise<ValidateConfigResult> {
  const configuration = await inspectConfiguration(request);
  const migrations = await inspectMigrations(request);
  const issues = [...configuration.issues, ...migrations.issues];
  const counts = ({ severity }: Issue) => severity === "error" || (request.strict && severity === "warning");
  return {
    valid: !issues.some(counts),
    config_source: configuration.source,
    migrations_path: migrations.path,
    migration_count: migrations.count,
    issues,
  };
}

async function inspectConfiguration(request: ValidateConfigRequest) {
  const { flag, cwd, environment } = request;
  const own = Boolean(environment["CONFITURE_DATABASE_URL"]);
  const isExplicit = request.config !== undefined || request.env !== undefined;
  const isNamedElsewhere = flag !== undefined || (own && !isExplicit);
  const file = await known(configFile(request));
  const options = { cwd: resolve(cwd), environment, ignoreDatabase: isNamedElsewhere };
  const found = typeof file === "string" ? await known(inspectSettings(file, options)) : file;
  const issues = found === undefined ? [] : fileIssues(found, String(file));
  const isBroken = found instanceof ConfitureError || (found !== undefined && found.settings === undefined);
  // A broken file told what is wrong with its own database; another that is named is looked at without the file.
  const competes = typeof file === "string" && own && isExplicit;
  if (isNamedElsewhere || competes || !isBroken) {
    const files = isNamedElsewhere ? { config: undefined, env: undefined, noConfig: true } : {};
    const database = await known(resolveDatabase({ ...request, ...files, command: "reads" }));
    if (database instanceof ConfitureError) issues.push(issueOf(database));
  }
  const isAmbient = file === undefined && Boolean(environment["DATABASE_URL"]);
  return { source: sourceOf(request, isNamedElsewhere || isAmbient), issues };
}

const sourceOf = (
  { flag }: ValidateConfigRequest,
  isVariable: boolean,
): ValidateConfigResult["config_source"] =>
  flag === undefined ? (isVariable ? "env" : "yaml-file") : "flags";

/** A wrong call is thrown on, everything else is a finding. */
const known = <T>(work: Promise<T>): Promise<T | ConfitureError> =>
  work.catch((error: unknown) => {
    if (error instanceof ConfitureError && error.code !== "CONFIG_008") return error;
    throw error;
  });

function fileIssues(found: Inspected | ConfitureError, file: string): Issue[] {
  if (found instanceof ConfitureError) return [issueOf(found)];
  const { settings, problems, deadKeys } = found;
  return [
    ...problems.map(({ code, key, line, message }) =>
      newIssue("error", code, message, { file, line, details: { key } }),
    ),
    ...deadKeys.map(({ key, line, reason }) =>
      newIssue("error", "CONFIG_002", `${key} does nothing: ${reason}`, {
        file,
        line,
        details: { key },
        actionable: "Take the key out of the file.",
      }),
    ),
    ...(settings === undefined ? [] : missingDirs(settings)),
  ];
}

const missingDirs = ({ projectDir, includeDirs, file }: Settings): Issue[] =>
  includeDirs
    .filter(({ path, autoDiscover }) => !autoDiscover && !isDirectory(resolve(projectDir, path)))
    .map(({ path }) =>
      newIssue("error", "CONFIG_004", `include_dirs names ${path}, which is no directory`, {
        file: file ?? null,
        details: { key: "include_dirs", path },
        actionable: "Correct the path, or make the directory.",
      }),
    );

const isDirectory = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

async function inspectMigrations({ migrationsPath, cwd }: ValidateConfigRequest) {
  const path = migrationsPath ?? "db/migrations";
  const files = await known(findMigrations(inFolder(cwd, path)));
  if (files instanceof ConfitureError) return { path, count: 0, issues: [issueOf(files)] };
  const severity = migrationsPath === undefined ? "warning" : "error";
  const issues = files.exists
    ? (await runChecks(CHECKS, { files })).flatMap(([, findings]) => findings)
    : [newIssue(severity, "CONFIG_004", `the migrations directory ${path} does not exist`, { file: path })];
  return { path, count: files.migrations.length, issues };
}
