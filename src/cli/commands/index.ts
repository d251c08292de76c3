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
  "hooks test": () => import("./hooks/test.ts"),
  import: () => import("./import.ts"),
  init: () => import("./init.ts"),
  "install-helpers": () => import("./install-helpers.ts"),
  "migrate apply-as": () => import("./migrate/apply-as.ts"),
  "migrate baseline": () => import("./migrate/baseline.ts"),
  "migrate current": () => import("./migrate/current.ts"),
  "migrate down": () => import("./migrate/down.ts"),
  "migrate down-to": () => import("./migrate/down-to.ts"),
  "migrate generate": () => import("./migrate/generate.ts"),
  "migrate introspect": () => import("./migrate/introspect.ts"),
  "migrate preflight": () => import("./migrate/preflight.ts"),
  "migrate rebuild": () => import("./migrate/rebuild.ts"),
  "migrate reinit": () => import("./migrate/reinit.ts"),
  "migrate squash": () => import("./migrate/squash.ts"),
  "migrate status": () => import("./migrate/status.ts"),
  "migrate up": () => import("./migrate/up.ts"),
  "migrate validate": () => import("./migrate/validate.ts"),
  "migrate verify": () => import("./migrate/verify.ts"),
  "validate-config": () => import("./validate-config.ts"),
  verify: () => import("./verify.ts"),
  "verify-checksums": () => import("./verify-checksums.ts"),
};
