import { basename, dirname, extname, resolve } from "node:path";
import { dotted } from "../base/key-path.ts";
import { type DeadKey, findDeadKeys } from "./dead-keys.ts";
import { environmentSchema } from "./environment-schema.ts";
import { expandVariables, type Variables } from "./expand.ts";
import { configError, type Problem } from "./problem.ts";
import { schemaProblems } from "./schema-problems.ts";
import { projectDirOf, type Settings, toSettings } from "./environment.ts";

export interface LoadOptions {
  /** Absolute; where `file` starts from, and the project of a file outside `db/environments/`. */
  readonly cwd: string;
  /** What `${NAME}` stands for. */
  readonly environment: Variables;
  /** The database is named elsewhere: what the file says of it is neither expanded nor handed on. */
  readonly ignoreDatabase?: boolean;
  /** No other role connects: what `apply_as` says is neither expanded nor handed on. */
  readonly ignoreRoles?: boolean;
}

/** What a config file says: its settings, or what keeps it from having any; the dead keys either way. */
export interface Inspected {
  readonly settings: Settings | undefined;
  readonly problems: readonly Problem[];
  readonly deadKeys: readonly DeadKey[];
}

/**
 * The settings in a config file. Every problem is reported at once, each with key and line, in one error:
 * CONFIG_001 (only missing keys), CONFIG_003 (only connection strings), CONFIG_009 (only `${VAR}`), else
 * CONFIG_002; CONFIG_004 when the file cannot be read.
 */
export async function loadSettings(file: string, options: LoadOptions): Promise<Settings> {
  const { settings, problems } = await inspectSettings(file, options);
  if (settings === undefined) throw configError(file, problems);
  return settings;
}

/** As `loadSettings`, but tells the problems; throws only where the file cannot be read or is not YAML. */
export async function inspectSettings(file: string, options: LoadOptions): Promise<Inspected> {
  const path = resolve(options.cwd, file);
  const { readYamlFile } = await import("./yaml-file.ts");
  const source = await readYamlFile(path, file);
  const given = without(source.value, [
    ...(options.ignoreDatabase ? ["database_url", "database"] : []),
    ...(options.ignoreRoles ? ["apply_as"] : []),
  ]);
  const { value, failures } = expandVariables(given, variablesFor(given, options.environment));
  const parsed = environmentSchema.safeParse(value);
  const unexpanded = failures.map(({ path, message }) => ({
    code: "CONFIG_009" as const,
    key: dotted(path),
    line: source.lineOf(path),
    message: `${dotted(path)} ${message}`,
  }));
  const keys = new Set(unexpanded.map(({ key }) => key));
  const found = parsed.success
    ? []
    : schemaProblems(parsed.error.issues, { schema: environmentSchema, value, lineOf: source.lineOf });
  const problems = [...unexpanded, ...found.filter(({ key }) => !keys.has(key))];
  const environment = basename(path, extname(path));
  const deadKeys = findDeadKeys(source.value, environment, source.lineOf);
  if (!parsed.success || problems.length > 0) return { settings: undefined, problems, deadKeys };
  const projectDir = projectDirOf(path, resolve(options.cwd));
  const place = { environment, projectDir, file, fileDir: dirname(path), deadKeys };
  return { settings: toSettings(parsed.data, place), problems, deadKeys };
}

/** The tunnel's port is known once it is open, and then replaces whatever port stands there. */
const variablesFor = (given: Readonly<Record<string, unknown>>, variables: Variables): Variables =>
  given["ssh_tunnel"] == null ? variables : { ...variables, TUNNEL_LOCAL_PORT: "1" };

const without = (value: Readonly<Record<string, unknown>>, keys: readonly string[]) =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
