import * as z from "zod";
import { defineOutput } from "../base/output.ts";
import { changeSchema } from "../diff/change.ts";
import { compare } from "../diff/compare.ts";
import { readSnapshot } from "../schema/snapshot.ts";
import { openSides, type SidesOptions } from "./sides/open-sides.ts";
import type { Side } from "./sides/side.ts";

export const diffOutput = defineOutput(
  "diff",
  1,
  z.object({
    from: z.string(),
    to: z.string(),
    same: z.boolean(),
    changes: z.array(changeSchema).describe("What turns `from` into `to`"),
  }),
);

export type DiffResult = z.infer<typeof diffOutput.schema>;

/** What turns one side into the other. Throws DIFFER_401, CONFIG_008 and what the sides throw. */
export async function diff(from: Side, to: Side, options: SidesOptions): Promise<DiffResult> {
  await using sides = await openSides(from, to, { ...options, read: readSnapshot });
  const changes = compare(sides.from.snapshot, sides.to.snapshot);
  return { from: from.label, to: to.label, same: changes.length === 0, changes };
}
