import { hostname } from "node:os";
import { isAbsolute, relative, resolve } from "node:path";
import * as z from "zod";
import type { Settings } from "../config/environment.ts";
import { migrationSettingsOf, tunnelOf } from "../config/feature-settings.ts";
import { type Resolved, resolveDatabase, resolveSettings } from "../config/resolve.ts";
import type { Target } from "../migrate/target.ts";
import { describeTarget } from "../pg/dsn.ts";
import type { TunnelOptions } from "../pg/ssh-tunnel.ts";
import type { Context } from "./command.ts";
import { endWithProcess } from "./end-with-process.ts";

/** Flags of every command that works on a database. */
export const databaseFlags = {
  config: z.string().optional().describe("Config file").meta({ short: "c" }),
  env: z.string().optional().describe("Environment: db/environments/<env>.yaml").meta({ short: "e" }),
  databaseUrl: z.string().optional().describe("Connection string").meta({ short: "d" }),
  noConfig: z.boolean().optional().describe("Read no config file; the environment names the database"),
};

/** Flags of every command that reads migration files as well. */
export const migrationFlags = {
  ...databaseFlags,
  migrationsDir: z.string().default("db/migrations").describe("Directory of the migration files"),
};

interface DatabaseOptions {
  readonly config?: string | undefined;
  readonly env?: string | undefined;
  readonly databaseUrl?: string | undefined;
  readonly noConfig?: boolean | undefined;
}

/** Which database the flags, the environment and the config file name together; throws CONFIG_001 to CONFIG_010. */
export async function resolveFlags(
  context: Context,
  { config, env, databaseUrl, noConfig }: DatabaseOptions,
  use: { readonly command: "reads" | "writes"; readonly allowNone?: boolean; readonly withRoles?: boolean },
): Promise<Resolved> {
  const { cwd, environment } = context;
  const resolved = await resolveDatabase({
    config,
    env,
    flag: databaseUrl,
    noConfig,
    cwd,
    environment,
    ...use,
  });
  warnOfDeadKeys(context, resolved.settings);
  return resolved;
}

/**
 * The database that was named on purpose: by a flag, by CONFITURE_DATABASE_URL, or under `--no-config`. What a
 * default file or DATABASE_URL alone names is left alone, by commands that can do without a database.
 */
export async function resolveIntended(context: Context, options: DatabaseOptions): Promise<Resolved> {
  const { config, env, databaseUrl, noConfig } = options;
  const { cwd, environment } = context;
  const own = environment["CONFITURE_DATABASE_URL"];
  if (noConfig || [config, env, databaseUrl].some((flag) => flag !== undefined) || own) {
    return resolveFlags(context, options, { command: "reads", allowNone: true });
  }
  const settings = await resolveSettings({ cwd, environment });
  warnOfDeadKeys(context, settings);
  return { source: "none", url: undefined, embedded: false, settings };
}

/** A key that changes nothing must not pass for one that does. */
export function warnOfDeadKeys(context: Context, { deadKeys, file }: Settings): void {
  for (const { key, line, reason } of deadKeys)
    context.log.warn(`${file}:${line}: ${key} does nothing: ${reason}`);
}

/** A connection string for what was resolved; starts the embedded database, opens a tunnel where that is meant. */
export async function urlOf(context: Context, resolved: Resolved): Promise<string | undefined> {
  return (await urlsOf(context, resolved, []))[0];
}

/** As `urlOf`, with more connection strings of the same config file, which go the same way. */
export async function urlsOf(
  context: Context,
  resolved: Resolved,
  more: readonly string[],
): Promise<readonly (string | undefined)[]> {
  if (resolved.announce) context.log.warn(`using ${resolved.announce}, named by ${resolved.source} alone`);
  const tunnel = tunnelOf(resolved);
  if (tunnel !== undefined) return await allThrough(context, tunnel, [resolved.url, ...more]);
  if (!resolved.embedded) return [resolved.url, ...more];
  const { startEmbedded } = await import("../scratch/embedded.ts");
  const { url, started } = await startEmbedded({ projectDir: resolved.settings.projectDir });
  if (started) context.log.info(`started the embedded database (${describeTarget(url)})`);
  return [url, ...more];
}

/** The tunnel is open until the command is through. */
async function allThrough(
  { environment, signal, afterwards }: Context,
  options: TunnelOptions,
  urls: readonly (string | undefined)[],
): Promise<(string | undefined)[]> {
  const { openTunnel, throughTunnel } = await import("../pg/ssh-tunnel.ts");
  const tunnel = await openTunnel(options, { environment, signal });
  const tidy = endWithProcess(signal, () => tunnel.kill());
  afterwards(async () => {
    tidy();
    await tunnel[Symbol.asyncDispose]();
  });
  return urls.map((url) => url && throughTunnel(url, tunnel.port, environment));
}

/** Everything but the database, for commands that can do without one. */
export const targetWithoutUrl = (
  context: Context,
  { settings }: Resolved,
  options: { readonly migrationsDir: string },
): Omit<Target, "url"> => ({
  environment: context.environment,
  ...migrationSettingsOf(settings),
  repeatableDir: asShown(context.cwd, settings.migration.repeatableDir),
  migrationsDir: inFolder(context.cwd, options.migrationsDir),
  log: context.log,
  client: { pid: process.pid, hostname: hostname() },
  signal: context.signal,
});

/** The target of a migration command. */
export async function openTarget(
  context: Context,
  options: DatabaseOptions & { readonly migrationsDir: string },
  command: "reads" | "writes",
): Promise<Target> {
  const resolved = await resolveFlags(context, options, { command });
  return { ...targetWithoutUrl(context, resolved, options), url: (await urlOf(context, resolved))! };
}

/** An absolute path as the user would type it. */
const asShown = (cwd: string, path: string): string =>
  cwd === process.cwd() ? relative(cwd, path) || "." : path;

/** Paths are shown as the user typed them when the command runs where the process does. */
export const inFolder = (cwd: string, path: string): string =>
  isAbsolute(path) || cwd === process.cwd() ? path : resolve(cwd, path);
