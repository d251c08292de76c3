/** What an intent can be. Registered, conflicted and in progress it needs a lease; merged and abandoned are final. */
export const STATUSES = [
  "registered",
  "in_progress",
  "completed",
  "merged",
  "abandoned",
  "conflicted",
] as const;
export type Status = (typeof STATUSES)[number];

/** Every legal change of a status; the database holds them as rows of `confiture.transition`. */
export const TRANSITIONS: Readonly<Record<Status, readonly Status[]>> = {
  registered: ["in_progress", "abandoned", "conflicted"],
  conflicted: ["registered", "in_progress", "abandoned"],
  in_progress: ["completed", "abandoned"],
  completed: ["merged", "abandoned", "in_progress"],
  merged: [],
  abandoned: [],
};

/** Reason in the history of an intent whose owner was not heard of in time. */
export const LEASE_EXPIRED = "lease expired";

/** How long an intent is held without a heartbeat, where nobody says otherwise: 8 hours. */
export const DEFAULT_TTL_MS = 8 * 3_600_000;
