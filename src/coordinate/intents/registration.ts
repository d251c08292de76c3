import * as z from "zod";
import { ConfitureError } from "../../base/errors.ts";
import { type Footprint, footprintSchema } from "../footprint/touch.ts";
import { DEFAULT_TTL_MS } from "./states.ts";
import { changedTables } from "./touched-names.ts";

const HOUR_MS = 3_600_000;
const name = z.string().trim().min(1, "is empty").max(255, "is longer than 255 characters");

const schema = z.object({
  agentId: name,
  featureName: name,
  schemaChanges: z.array(z.string().trim().min(1, "is empty")).min(1, "are none"),
  tablesAffected: z.array(z.string()).optional(),
  riskLevel: z.enum(["low", "medium", "high"]).default("low"),
  estimatedHours: z.number().min(0).max(1_000_000).default(0),
  metadata: z.record(z.string(), z.unknown()).default({}),
  ttlMs: z.int().min(1).default(DEFAULT_TTL_MS),
});

/** What an agent says when it registers. Without `tablesAffected` the footprint tells; the lease is 8 hours. */
export type Registration = z.input<typeof schema> & { readonly footprint: Footprint };

/** The same, complete. */
export interface Registered extends z.output<typeof schema> {
  readonly tablesAffected: string[];
  readonly estimatedMs: number;
  readonly footprint: Footprint;
}

/** Throws COORD_1008 naming all that is wrong. */
export function readRegistration({ footprint, ...given }: Registration): Registered {
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw new ConfitureError("COORD_1008", problems.join("; "), { details: { problems } });
  }
  return {
    ...parsed.data,
    tablesAffected: parsed.data.tablesAffected ?? changedTables(footprint),
    estimatedMs: Math.round(parsed.data.estimatedHours * HOUR_MS),
    footprint: footprintSchema.parse(footprint),
  };
}
