import type { Connection } from "../pg/connection.ts";
import { withRoles } from "../scratch/roles.ts";
import type { ScratchServer } from "../scratch/scratch.ts";
import { withoutConnecting } from "../scratch/subscriptions.ts";
import type { Script } from "../sql/script.ts";

/** On a scratch server nothing reaches beyond the database, and on one of ours the roles a script names are made. */
export async function rehearsable(
  db: Connection,
  script: Script,
  scratch: ScratchServer | undefined,
): Promise<Script> {
  if (!scratch) return script;
  const alone = withoutConnecting(script);
  return scratch.ours ? (await withRoles(db, [alone]))[0]! : alone;
}
