import { ConfitureError } from "../../base/errors.ts";
import { Connection } from "../../pg/connection.ts";
import type { Target } from "../target.ts";
import { findLedger, type LedgerRow, readLedger } from "./ledger.ts";

/** A database whose ledger says which versions are applied. */
export type LedgerSource = Pick<Target, "url" | "environment" | "trackingTable">;

/** What is applied, for those who rename files; a ledger that cannot be read does not stop them, but is told. */
export async function readApplied(
  ledger: (() => Promise<LedgerSource | undefined>) | undefined,
): Promise<{ readonly rows: readonly LedgerRow[]; readonly hints: readonly string[] }> {
  try {
    const source = await ledger?.();
    if (source === undefined) return unknown("No database was named");
    await using db = await Connection.open(source.url, source);
    const found = await findLedger(db, source.trackingTable);
    return { rows: found.resolved === null ? [] : await readLedger(db, found), hints: [] };
  } catch (error) {
    if (!(error instanceof ConfitureError) || error.code === "INTERRUPTED") throw error;
    return unknown(`The ledger cannot be read (${error.message})`);
  }
}

const unknown = (why: string) => ({
  rows: [],
  hints: [
    `${why}, so nothing is known of what is applied; look at \`migrate status\` before \`migrate up\`.`,
  ],
});
