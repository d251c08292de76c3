import * as z from "zod";
import { createOutput } from "../../../../coordinate/sandbox/sandbox.ts";
import { readConnectionString } from "../../../../pg/connection-string.ts";
import { createSandbox, type SandboxSource } from "../../../../workflows/sandbox.ts";
import { requireSchema } from "../../../../workflows/sides/ddl-side.ts";
import { type Context, defineCommand } from "../../../command.ts";
import { targetWithoutUrl } from "../../../database.ts";
import { sandboxFlags, sandboxPlace, ttlMsOf } from "../../../sandbox-flags.ts";
import { sideContextOf } from "../../../side-flags.ts";

const MIGRATIONS = { migrationsDir: "db/migrations" };

export const command = defineCommand({
  path: "coordinate sandbox create",
  summary: "Make a database of its own for an agent, which outlives the command",
  options: z.object({
    ...sandboxFlags,
    from: z
      .string()
      .default("schema")
      .describe(
        "`schema`: the DDL files; or a connection string, whose structure is copied without its rows",
      ),
    intent: z.string().min(1).optional().describe("The intent that it is for"),
    agent: z.string().min(1).optional().describe("The agent that it is for"),
    ttl: z.string().default("8h").describe("How long it is kept: 30min, 8h, 2d; at most 30d"),
  }),
  output: createOutput,
  run: async (context, given) => {
    const ttlMs = ttlMsOf(given.ttl);
    const { settings, scratch } = await sandboxPlace(context, given);
    const { intent, agent } = given;
    return createSandbox(sourceOf(context, settings, given.from), { intent, agent, ttlMs, scratch });
  },
  text: ({ url }) => url,
  notes: ({ name, expires_at }) => [`${name}, kept until ${expires_at}`],
});

function sourceOf(
  context: Context,
  settings: Awaited<ReturnType<typeof sandboxPlace>>["settings"],
  from: string,
): SandboxSource {
  const nowhere = { source: "none", url: undefined, embedded: false, settings } as const;
  const target = targetWithoutUrl(context, nowhere, MIGRATIONS);
  if (from === "schema")
    return { schema: requireSchema(sideContextOf(context, settings, target)), log: context.log };
  readConnectionString(from); // refused before a server is started
  return { database: { ...target, url: from } };
}
