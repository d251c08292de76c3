import * as z from "zod";
import { resolveSettings } from "../../../config/resolve.ts";
import { HOOK_POINTS } from "../../../migrate/hooks/hook.ts";
import { type HooksTestResult, hooksTestOutput, testHooks } from "../../../migrate/hooks/hooks-test.ts";
import { defineCommand } from "../../command.ts";
import { databaseFlags, warnOfDeadKeys } from "../../database.ts";

export const command = defineCommand({
  path: "hooks test",
  summary: "Run the configured hooks with a sample event and send a test notification; needs no database",
  options: z.object({
    config: databaseFlags.config,
    env: databaseFlags.env,
    point: z.enum(HOOK_POINTS).optional().describe("Only the hooks of this point, and no notification"),
    dryRun: z.boolean().optional().describe("Say what would run and be sent; run and send nothing"),
  }),
  output: hooksTestOutput,
  run: async (context, { config, env, point, dryRun }) => {
    const { cwd, environment, log, signal } = context;
    const settings = await resolveSettings({ config, env, cwd, environment });
    warnOfDeadKeys(context, settings);
    return testHooks(settings, {
      projectDir: settings.projectDir,
      environment,
      log,
      signal,
      point,
      dryRun,
    });
  },
  text: (result) =>
    linesOf(result).join("\n") || "Nothing to test: the configuration names no hook and no notification.",
  exit: ({ ok }) => (ok ? 0 : 1),
});

const linesOf = (result: HooksTestResult): string[] =>
  result.dry_run
    ? [
        ...result.planned_hooks.map(({ hook, on_error }) => `would run ${hook}, on error ${on_error}`),
        ...result.planned_notifications.map(
          ({ channel, target, message }) =>
            `would send to ${channel} ${target}:\n${JSON.stringify(message, null, 2)}`,
        ),
      ]
    : [
        ...result.hooks.map(({ hook, ok, error, duration_ms }) =>
          ok ? `ok      ${hook} (${duration_ms} ms)` : `FAILED  ${hook}: ${error}`,
        ),
        ...result.notifications.map(({ channel, target, ok, error }) =>
          ok ? `ok      ${channel} ${target}` : `FAILED  ${channel} ${target}: ${error}`,
        ),
      ];
