import type { Connection } from "../../pg/connection.ts";
import { sql } from "../../sql/tag.ts";
import type { MigrationFile } from "../files.ts";
import { ensureLedger, insertRow, type NewRow } from "./ledger.ts";
import { checksumOf } from "../read-bytes.ts";

interface Marks {
  readonly migrations: readonly MigrationFile[];
  readonly reason: Exclude<NewRow["reason"], "applied">;
}

/**
 * Record migrations as applied in a ledger that knows none of them, and is made where it is missing: inside the
 * transaction that is open, under the migration lock. Throws MIGR_001 when its schema does not exist, or MIGR_012.
 */
export async function markApplied(
  db: Connection,
  table: string,
  { migrations, reason }: Marks,
): Promise<void> {
  const ledger = await ensureLedger(db, table);
  for (const [place, { version, name, upFile }] of migrations.entries()) {
    const row = { version, name, checksum: checksumOf(upFile), reason, place };
    await db.run(sql.raw(insertRow(ledger, row)));
  }
}
