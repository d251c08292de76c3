import * as z from "zod";
import { defineOutput } from "../base/output.ts";
import { Connection } from "../pg/connection.ts";
import { findLedger, readLedger } from "./ledger/ledger.ts";
import type { Target } from "./target.ts";

export const currentOutput = defineOutput(
  "migrate.current",
  1,
  z.object({
    revision: z.string().nullable(),
    name: z.string().nullable(),
    applied_at: z.string().nullable(),
    checksum: z.string().nullable(),
  }),
);

export type CurrentResult = z.infer<typeof currentOutput.schema>;

/** The revision applied last; all null when none is. Throws PRECON_1001 without a ledger; writes nothing. */
export async function current(
  target: Pick<Target, "url" | "environment" | "trackingTable">,
): Promise<CurrentResult> {
  await using db = await Connection.open(target.url, target);
  const newest = (await readLedger(db, await findLedger(db, target.trackingTable))).at(-1);
  return {
    revision: newest?.version ?? null,
    name: newest?.name ?? null,
    applied_at: newest?.applied_at ?? null,
    checksum: newest?.checksum ?? null,
  };
}
