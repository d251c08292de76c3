import * as z from "zod";
import type { Failure, MigrationName } from "../hooks/hook.ts";

export interface Webhook {
  readonly url: string;
  readonly preset: "json" | "slack";
  readonly headers: Readonly<Record<string, string>>;
  /** Of one attempt. */
  readonly timeoutMs: number;
  /** Further attempts after the first. */
  readonly retries: number;
}

export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte. */
  readonly secure: boolean;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly from: string;
  readonly to: readonly string[];
  readonly timeoutMs: number;
}

/** How a run can end; `noop` had nothing to do. */
export type RunEnd = "success" | "failure" | "noop";

export interface NotificationsConfig {
  /** What messages call the environment, e.g. `prod`. */
  readonly environment?: string | undefined;
  readonly on: readonly RunEnd[];
  readonly webhooks: readonly Webhook[];
  readonly smtp?: MailServer | undefined;
}

/** How a run ended: what a notification tells, and the body of the `json` preset. */
export interface RunSummary {
  /** `user@host:port/database`. */
  readonly database: string;
  readonly environment: string | null;
  readonly direction: "up" | "down";
  readonly success: boolean;
  /** What the run did: applied, or with direction `down` rolled back. */
  readonly applied: readonly (MigrationName & { readonly duration_ms: number })[];
  /** Null where the run did not get as far as to know. */
  readonly pending_count: number | null;
  readonly duration_ms: number;
  readonly error: Failure | null;
  /** ISO 8601, UTC. */
  readonly started_at: string;
  readonly finished_at: string;
  /** The machine that ran it. */
  readonly host: string;
  /** Made by `hooks test`; absent otherwise. */
  readonly test?: true;
}

/** One message that was sent or could not be, as results list it. */
export const notificationOutcomeSchema = z.object({
  channel: z.enum(["webhook", "smtp"]),
  target: z.string().describe("Scheme and host; never the path, which may be secret"),
  ok: z.boolean(),
  error: z.string().nullable(),
});

export type NotificationOutcome = z.infer<typeof notificationOutcomeSchema>;
