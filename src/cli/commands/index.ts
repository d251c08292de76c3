import type { Command } from "../command.ts";

/** Every command by the words the user types; each is loaded only when it is asked for. */
// oxlint-disable-next-line typescript/no-explicit-any -- options and results differ per command
export const COMMANDS: Readonly<Record<string, () => Promise<{ readonly command: Command<any, any> }>>> = {
  build: () => import("./build.ts"),
  completion: () => import("./completion.ts"),
  "db start": () => import("./db/start.ts"),
  "db status": () => import("./db/status.ts"),
  "db stop": () => import("./db/stop.ts"),
  "db url": () => import("./db/url.ts"),
  import: () => import("./import.ts"),
  init: () => import("./init.ts"),
  "migrate baseline": () => import("./migrate/baseline.ts"),
  "migrate current": () => import("./migrate/current.ts"),
  "migrate down": () => import("./migrate/down.ts"),
  "migrate down-to": () => import("./migrate/down-to.ts"),
  "migrate generate": () => import("./migrate/generate.ts"),
  "migrate preflight": () => import("./migrate/preflight.ts"),
  "migrate status": () => import("./migrate/status.ts"),
  "migrate up": () => import("./migrate/up.ts"),
};
