import { ConfitureError } from "../base/errors.ts";
import type { Settings } from "./environment.ts";
import type { Resolved } from "./resolve.ts";

/** Where a project's DDL files lie, in the words of `build`; undefined when it has none. */
export const schemaInputOf = ({ projectDir, includeDirs, excludeDirs, build }: Settings) =>
  includeDirs.length === 0 ? undefined : { projectDir, includeDirs, excludeDirs, sortMode: build.sortMode };

/** What a config file says of migrations, in the words of `migrate`. */
export const migrationSettingsOf = ({ migration, hooks, notifications, projectDir }: Settings) => ({
  trackingTable: migration.trackingTable,
  repeatableDir: migration.repeatableDir,
  locking: migration.locking,
  strict: migration.strictMode,
  linear: migration.linear,
  limits: {
    lockTimeoutMs: migration.lockTimeoutMs,
    lockRetries: migration.lockRetries,
    statementTimeoutMs: migration.statementTimeoutMs,
  },
  viewHelpers: migration.viewHelpers,
  hooks,
  notifications,
  projectDir,
});

/** What a config file says of replicas, in the words of `preflight`. */
export const replicationOf = ({ replicas, migration }: Settings) => ({
  replicas,
  allowUnsafe: migration.allowUnsafeUnderReplication,
});

/** The tunnel to the database that the config file names; a database named elsewhere needs none. Throws CONFIG_008. */
export function tunnelOf({ source, embedded, settings }: Resolved) {
  const tunnel = settings.raw.ssh_tunnel;
  if (tunnel == null || source !== "config") return undefined;
  if (embedded) {
    throw new ConfitureError(
      "CONFIG_008",
      "ssh_tunnel leads nowhere: the embedded database needs no tunnel",
      {
        file: settings.file,
        actionable: "Remove ssh_tunnel, or name the database behind it with database_url.",
      },
    );
  }
  const { remote_host: host, remote_port: port, remote_socket: socket } = tunnel;
  return {
    host: tunnel.host,
    user: tunnel.user ?? undefined,
    remote: socket ?? `${host.includes(":") ? `[${host}]` : host}:${port}`,
    localPort: tunnel.local_port,
    identityFile: tunnel.identity_file ?? undefined,
    timeoutMs: tunnel.timeout_s * 1000,
  };
}
