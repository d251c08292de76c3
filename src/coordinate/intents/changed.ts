import * as z from "zod";
import { intentSchema } from "./intent.ts";

/** Shape of every answer about one intent that was changed. */
export const changedSchema = z.object({ intent: intentSchema });
export type Changed = z.infer<typeof changedSchema>;

/** Who changes an intent; where it is said it must be the intent's own agent. */
export interface ByAgent {
  readonly agentId?: string | undefined;
}
