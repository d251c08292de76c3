import * as z from "zod";
import { statusOf } from "../../../coordinate/status.ts";
import type { OrderProof } from "../../../coordinate/verdict/order-proof.ts";
import { changeOfTexts, readChange } from "../../../workflows/coordinate/change.ts";
import { type NamedChange, prove, proveOutput } from "../../../workflows/coordinate/prove.ts";
import { baseFlag, baseOf, projectSettings } from "../../change-flags.ts";
import { type Context, defineCommand } from "../../command.ts";
import { coordinationFlags, openCoordination } from "../../coordination.ts";
import { inFolder } from "../../database.ts";
import { scratchFlags, scratchOptionsOf } from "../../scratch-flags.ts";

const CHANGE = "Intent id, .sql file, version of a migration, or SQL";

const options = z.object({
  a: z.string().describe(CHANGE),
  b: z.string().describe(CHANGE),
  ...baseFlag,
  migrationsDir: z.string().default("db/migrations").describe("Directory of the migration files"),
  ...scratchFlags,
  ...coordinationFlags,
});
type Options = z.infer<typeof options>;

export const command = defineCommand({
  path: "coordinate prove",
  summary: "Run two changes in both orders on scratch databases, and compare what comes out",
  arguments: [
    { name: "a", required: true },
    { name: "b", required: true },
  ],
  options,
  output: proveOutput,
  run: async (context, given) => {
    const settings = await projectSettings(context, given);
    return prove({
      a: await changeNamed(context, given, given.a),
      b: await changeNamed(context, given, given.b),
      base: await baseOf(context, given),
      scratch: scratchOptionsOf(context, given, settings),
    });
  },
  text: ({ a, b, base, relation, proof }) =>
    [
      `${a} and ${b} on ${base}: ${relation}`,
      ...proof.failures.map(failureText),
      ...proof.differences.map((line) => `  ${line}`),
      ...proof.rows_differ.map((table) => `  rows of ${table} differ`),
      ...proof.unproven.map(({ explanation }) => `  not proven by running both: ${explanation}`),
      `Run both ways on PostgreSQL ${proof.postgresql}.`,
    ].join("\n"),
  exit: ({ relation }) => (relation === "independent" ? 0 : 1),
});

/** One that fails in the first place does so without the other. */
const failureText = ({ order, failed, message }: OrderProof["failures"][number]): string =>
  order[0] === failed
    ? `  ${failed} fails by itself: ${message}`
    : `  ${order.join(" then ")}: ${failed} fails: ${message}`;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

async function changeNamed(context: Context, given: Options, word: string): Promise<NamedChange> {
  if (UUID.test(word)) {
    const { intent } = await statusOf(await openCoordination(context, given, "reads"), word);
    return {
      label: `${intent.feature_name} of ${intent.agent_id}`,
      ...(await changeOfTexts(intent.schema_changes)),
    };
  }
  const isVersion = /^\w+$/.test(word);
  const migrationsDir = inFolder(context.cwd, given.migrationsDir);
  const words = isVersion ? { migrations: [word] } : { sql: [word] };
  return { label: word, ...(await readChange({ ...words, migrationsDir, cwd: context.cwd })) };
}
