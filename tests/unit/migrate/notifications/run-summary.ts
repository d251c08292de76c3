import type { RunSummary } from "../../../../src/migrate/notifications/notification.ts";

/** How a run of two migrations ended, but for what is given. */
export const summaryOf = (given: Partial<RunSummary> = {}): RunSummary => ({
  database: "app@db:5432/app",
  environment: "prod",
  direction: "up",
  success: true,
  applied: [
    { version: "002", name: "create_orders", duration_ms: 12 },
    { version: "003", name: "index_orders", duration_ms: 1300 },
  ],
  pending_count: 1,
  duration_ms: 1350,
  error: null,
  started_at: "2026-05-20T12:00:00.000Z",
  finished_at: "2026-05-20T12:00:01.350Z",
  host: "deployer",
  ...given,
});
