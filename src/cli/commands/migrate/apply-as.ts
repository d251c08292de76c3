import * as z from "zod";
import { ConfitureError } from "../../../base/errors.ts";
import type { Settings } from "../../../config/environment.ts";
import { applyAs, applyAsOutput } from "../../../migrate/apply-as.ts";
import { defineCommand } from "../../command.ts";
import { migrationFlags, resolveFlags, targetWithoutUrl, urlsOf } from "../../database.ts";
import { lockFlags, lockOptions } from "../../lock-flags.ts";

const { config, env, migrationsDir } = migrationFlags;

export const command = defineCommand({
  path: "migrate apply-as",
  summary: "Apply the next migration on the connection that the config file has for another role",
  arguments: [
    { name: "role", required: true },
    { name: "version", required: true },
  ],
  options: z.object({
    role: z.string().describe("A role below `apply_as`"),
    version: z.string().describe("The migration to apply; every earlier one is applied already"),
    config,
    env,
    migrationsDir,
    ...lockFlags,
  }),
  output: applyAsOutput,
  run: async (context, options) => {
    const resolved = await resolveFlags(context, options, { command: "writes", withRoles: true });
    const [mine, url] = await urlsOf(context, resolved, [urlOfRole(resolved.settings, options.role)]);
    const target = { ...targetWithoutUrl(context, resolved, options), url: mine! };
    return applyAs(target, { url: url!, version: options.version, ...lockOptions(options) });
  },
  text: ({ version, name, applied_by, duration_ms }) =>
    `applied ${version} ${name} as ${applied_by} (${duration_ms} ms)`,
});

function urlOfRole({ raw, file }: Settings, role: string): string {
  const roles = raw.apply_as;
  const found = Object.hasOwn(roles, role) ? roles[role] : undefined;
  if (found !== undefined) return found.url;
  const known = Object.keys(roles);
  throw new ConfitureError("CONFIG_001", `apply_as.${role}.url is missing`, {
    file,
    details: { roles: known },
    actionable:
      known.length > 0
        ? `The config file has connections for: ${known.join(", ")}.`
        : "Add `apply_as: {<role>: {url: <connection string>}}` to the config file.",
  });
}
