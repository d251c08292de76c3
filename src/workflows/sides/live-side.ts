import { findLedger } from "../../migrate/ledger/ledger.ts";
import type { Target } from "../../migrate/target.ts";
import { Connection } from "../../pg/connection.ts";
import { describeTarget } from "../../pg/dsn.ts";
import { ident } from "../../sql/tag.ts";
import type { Side } from "./side.ts";

/** A database as it is, without the ledger; it is only read. Throws CONFIG_003. */
export function liveSide({ url, ...target }: Target): Side {
  const connect = () => Connection.open(url, target);
  return {
    label: describeTarget(url, target.environment),
    async major() {
      await using db = await connect();
      return db.server.major;
    },
    async open({ read }) {
      await using db = await connect();
      const ledger = await findLedger(db, target.trackingTable);
      const snapshot = await read(db, { ours: [ident(...ledger.path)] });
      return { snapshot, copy: async () => null, [Symbol.asyncDispose]: async () => {} };
    },
  };
}
