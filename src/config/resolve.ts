import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ConfitureError } from "../base/errors.ts";
import { describeTarget, parseDsn } from "../pg/dsn.ts";
import type { Variables } from "./expand.ts";
import { defaultSettings, type Settings } from "./environment.ts";

/** Which settings to use; an option is here only when the user typed it. */
export interface SettingsRequest {
  /** `--config`: a path. */
  readonly config?: string | undefined;
  /** `--env`: the X of `db/environments/X.yaml`. */
  readonly env?: string | undefined;
  /** `--no-config`: read no file, not even the default one. */
  readonly noConfig?: boolean | undefined;
  readonly cwd: string;
  /** Variables of the process. */
  readonly environment: Variables;
  /** Connections of other roles are wanted too, so their variables must be set. */
  readonly withRoles?: boolean | undefined;
}

export interface DatabaseRequest extends SettingsRequest {
  /** `--database-url`. */
  readonly flag?: string | undefined;
  /** What the command does to the database; only for writes is an ambient DATABASE_URL announced. */
  readonly command: "reads" | "writes";
  /** The command can do without a database: answer `none` where nothing names one. */
  readonly allowNone?: boolean | undefined;
}

/** A database and who named it; `url` is absent when it is embedded or when there is none. */
export interface Resolved {
  readonly source: "flag" | "CONFITURE_DATABASE_URL" | "DATABASE_URL" | "config" | "none";
  readonly url: string | undefined;
  readonly embedded: boolean;
  readonly settings: Settings;
  /** Host and database, to be said on stderr before writing to what nobody named for this tool. */
  readonly announce?: string;
}

const DEFAULT_CONFIG = "db/environments/local.yaml";
/** Some commands of Confiture for Python read it unasked. */
const OTHER_CONFIG = "confiture.yaml";

/**
 * The settings of a command that needs no database: what the file says of one is ignored. Without a file, the
 * defaults. Throws CONFIG_008 for options that exclude each other, CONFIG_004 for a file that was asked for
 * and is missing, and what `loadSettings` throws.
 */
export async function resolveSettings(request: SettingsRequest): Promise<Settings> {
  return load(request, await configFile(request), { ignoreDatabase: true });
}

/**
 * The database of a command, from the first that names one: `--database-url`; the environment under
 * `--no-config`; `--config` or `--env`; CONFITURE_DATABASE_URL; the default config file; DATABASE_URL.
 * A config file that exists is read for its other settings whichever wins, unless `--no-config` is given.
 * Throws CONFIG_007 when CONFITURE_DATABASE_URL and a typed `--config` or `--env` compete, CONFIG_010 when
 * `--no-config` leaves nothing, CONFIG_004 when nothing names a database and there is no file, CONFIG_001
 * when the file names none, CONFIG_003 for a malformed connection string, else as `resolveSettings`.
 */
export async function resolveDatabase(request: DatabaseRequest): Promise<Resolved> {
  const { flag, environment } = request;
  const own = environment["CONFITURE_DATABASE_URL"];
  const ambient = environment["DATABASE_URL"];
  const file = await configFile(request);
  const overridden = (settings: Settings, source: Resolved["source"], text: string) =>
    named(request, settings, { source, text });
  if (flag !== undefined)
    return overridden(await load(request, file, { ignoreDatabase: true }), "flag", flag);
  const isExplicit = request.config !== undefined || request.env !== undefined;
  if (own && isExplicit) throw twoSources(file ?? DEFAULT_CONFIG);
  if (own) {
    return overridden(await load(request, file, { ignoreDatabase: true }), "CONFITURE_DATABASE_URL", own);
  }
  if (file !== undefined) return fromConfig(request, await load(request, file, { ignoreDatabase: false }));
  const settings = defaultSettings(resolve(request.cwd));
  if (ambient) {
    const found = overridden(settings, "DATABASE_URL", ambient);
    if (request.command === "reads" || request.noConfig) return found;
    return { ...found, announce: nameOf(found, environment) };
  }
  if (request.noConfig) throw nothingInEnvironment();
  if (request.allowNone) return { source: "none", url: undefined, embedded: false, settings };
  throw nothingAtAll(request.cwd);
}

const nameOf = (found: Resolved, environment: Variables) =>
  found.url === undefined ? "the embedded database" : describeTarget(found.url, environment);

function fromConfig(request: DatabaseRequest, settings: Settings): Resolved {
  const text = settings.embedded ? "embedded" : settings.databaseUrl;
  if (text !== undefined) return named(request, settings, { source: "config", text });
  if (request.allowNone) return { source: "none", url: undefined, embedded: false, settings };
  throw new ConfitureError("CONFIG_001", "database_url is missing", {
    file: settings.file,
    actionable:
      "Add database_url; to take the URL from the environment, write database_url: ${DATABASE_URL}.",
    details: { problems: [{ key: "database_url", line: 1, message: "database_url is missing" }] },
  });
}

function named(
  { environment }: DatabaseRequest,
  settings: Settings,
  { source, text }: { readonly source: Resolved["source"]; readonly text: string },
): Resolved {
  if (text === "embedded") return { source, url: undefined, embedded: true, settings };
  try {
    parseDsn(text, environment);
  } catch (error) {
    if (!(error instanceof ConfitureError)) throw error;
    const file = source === "config" ? settings.file : undefined;
    throw error.with({ file, details: { source: source === "flag" ? "--database-url" : source } });
  }
  return { source, url: text, embedded: false, settings };
}

/** The schema is loaded only where there is a file to check. */
async function load(
  { cwd, environment, withRoles }: SettingsRequest,
  file: string | undefined,
  { ignoreDatabase }: { readonly ignoreDatabase: boolean },
): Promise<Settings> {
  if (file === undefined) return defaultSettings(resolve(cwd));
  const { loadSettings } = await import("./load.ts");
  return loadSettings(file, { cwd, environment, ignoreDatabase, ignoreRoles: !withRoles });
}

/** The file to read as the user would write it, or undefined when none is asked for and the default is absent. */
export async function configFile({
  config,
  env,
  noConfig,
  cwd,
}: SettingsRequest): Promise<string | undefined> {
  if (noConfig && (config !== undefined || env !== undefined)) {
    throw usage("--no-config cannot be combined with --config or --env");
  }
  if (config !== undefined && env !== undefined)
    throw usage("--config and --env name two files; give one of them");
  if (config !== undefined) return config;
  if (env !== undefined) return environmentFile(env, cwd);
  return !noConfig && existsSync(resolve(cwd, DEFAULT_CONFIG)) ? DEFAULT_CONFIG : undefined;
}

async function environmentFile(env: string, cwd: string): Promise<string> {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(env)) {
    throw usage("--env must be a name of letters, digits, _ and -, and must not begin with _ or -");
  }
  const dir = "db/environments";
  const file = join(dir, `${env}.yaml`);
  if (existsSync(resolve(cwd, file))) return file;
  const files = await readdir(resolve(cwd, dir)).catch(() => []);
  const known = files.filter((name) => name.endsWith(".yaml")).map((name) => name.slice(0, -".yaml".length));
  throw new ConfitureError("CONFIG_004", `there is no environment ${env}: ${file} does not exist`, {
    file,
    details: { environments: known.toSorted() },
    actionable: known.length > 0 ? `Use one of: ${known.toSorted().join(", ")}.` : undefined,
  });
}

const usage = (message: string) => new ConfitureError("CONFIG_008", message);

const twoSources = (file: string) =>
  new ConfitureError("CONFIG_007", `CONFITURE_DATABASE_URL and ${file} both name a database`, { file });

const nothingInEnvironment = () =>
  new ConfitureError(
    "CONFIG_010",
    "--no-config is given, and neither CONFITURE_DATABASE_URL nor DATABASE_URL is set",
    {
      actionable: "Set CONFITURE_DATABASE_URL, or give --database-url.",
    },
  );

function nothingAtAll(cwd: string): ConfitureError {
  const isOld = existsSync(resolve(cwd, OTHER_CONFIG));
  return new ConfitureError("CONFIG_004", `no database is named: ${DEFAULT_CONFIG} does not exist`, {
    file: DEFAULT_CONFIG,
    actionable: isOld
      ? `Give --config ${OTHER_CONFIG}, which is read only where it is named.`
      : "Go to the project's folder, run `confiture init`, give --database-url, --config or --env, or set CONFITURE_DATABASE_URL.",
  });
}
