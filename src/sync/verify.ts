import * as z from "zod";
import { defineOutput } from "../base/output.ts";
import { Connection, type OpenOptions } from "../pg/connection.ts";
import { readForeignKeys, readTables, tableKey } from "./catalog.ts";
import { refuseSameDatabase } from "./guard.ts";
import { checkLeaks, type Extent } from "./leaks/check-leaks.ts";
import { leakScanSchema } from "./manifest.ts";
import type { Rules } from "./rules-file.ts";
import { type Selection, selectTables, withExcludes } from "./selection.ts";
import { openSource, readIdentity } from "./source/source.ts";
import type { SyncSide } from "./sync.ts";
import { classify, searchedColumns, throwFirst } from "./treatment.ts";

export const syncVerifyOutput = defineOutput(
  "sync.verify",
  1,
  z.object({
    ok: z.boolean(),
    source: z.string(),
    target: z.string(),
    tables: z.int(),
    leak_scan: leakScanSchema,
  }),
);
export type SyncVerifyResult = z.infer<typeof syncVerifyOutput.schema>;

export interface VerifyRequest extends Selection {
  readonly source: SyncSide;
  readonly target: SyncSide;
  readonly rules: readonly Rules[];
  readonly ours: readonly string[];
  readonly scan: Extent;
  readonly connection: OpenOptions;
}

/**
 * Search a copy for values of the source's masked columns; writes nothing. Throws SYNC_001 when the two are one
 * database, SYNC_301 for what is not there, ANON_1400 to ANON_1403 for rules that do not do.
 */
export async function verifyCopy(request: VerifyRequest): Promise<SyncVerifyResult> {
  await using source = await openSource(request.source.url, request.connection);
  await using target = await Connection.open(request.target.url, request.connection);
  refuseSameDatabase(source.identity, await readIdentity(target));
  const tables = await readTables(source.db, request.ours);
  const schema = { tables, foreignKeys: await readForeignKeys(source.db) };
  const selected = selectTables(tables, withExcludes(request, request.rules));
  const { treatments, problems } = classify(selected, schema, request.rules, { allowPlaintext: false });
  throwFirst(problems);
  const there = new Set((await readTables(target, request.ours)).map(tableKey));
  const scanned = selected
    .map(tableKey)
    .filter((key) => there.has(key))
    .map((key) => ({ table: key, columns: searchedColumns(treatments, key), from: [key] }));
  const found = await checkLeaks(source.db, target, treatments, { scanned, extent: request.scan });
  return {
    ok: found.leaks.length === 0,
    source: request.source.name,
    target: request.target.name,
    tables: scanned.length,
    leak_scan: { ...found, unsearched: [...found.unsearched], leaks: [...found.leaks] },
  };
}
