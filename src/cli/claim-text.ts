import type { Claim } from "../coordinate/claims/claim-row.ts";
import { shown } from "./intent-text.ts";
import { table } from "./table.ts";

const until = ({ state, expires_at: at }: Claim): string => {
  if (state === "lost") return "lost";
  const moment = at === null ? "it is merged" : shown(at);
  return state === "expired" ? `expired ${moment}` : `until ${moment}`;
};

/** Claims one below the other, with the whole ids that `steal` takes. */
export function claimTable(claims: readonly Claim[]): string {
  if (claims.length === 0) return "No claims.";
  return table(
    ["claim", "object", "mode", "agent", "intent", "fence", "holds"],
    claims.map((claim) => [
      claim.id,
      claim.object,
      claim.mode,
      claim.agent_id,
      claim.intent_id,
      String(claim.fence),
      until(claim),
    ]),
  );
}
