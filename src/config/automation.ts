import type { EnvironmentFile } from "./environment-schema.ts";

type RawHooks = NonNullable<EnvironmentFile["hooks"]>;
type RawHook = RawHooks[keyof RawHooks][number];
type RawNotifications = NonNullable<EnvironmentFile["notifications"]>;

/** The hooks of a config file, by point. */
export const hooksOf = (raw: RawHooks) => ({
  before_run: raw.before_run.map(hookOf),
  before_migration: raw.before_migration.map(hookOf),
  after_migration: raw.after_migration.map(hookOf),
  after_migration_commit: raw.after_migration_commit.map(hookOf),
  after_run: raw.after_run.map(hookOf),
  after_run_commit: raw.after_run_commit.map(hookOf),
});

/** The schema has seen to it that there is a command or a module. */
function hookOf({ command = "", module, on_error: onError, timeout: timeoutMs }: RawHook) {
  return module === undefined ? { command, onError, timeoutMs } : { module, onError, timeoutMs };
}

/** Who a config file wants told, and what the messages call the environment. */
export const notificationsOf = ({ on, webhooks, smtp }: RawNotifications, environment: string) => ({
  environment,
  on,
  webhooks: webhooks.map(({ timeout: timeoutMs, ...webhook }) => ({ ...webhook, timeoutMs })),
  smtp: smtp === undefined ? undefined : mailServerOf(smtp),
});

function mailServerOf({
  url,
  timeout: timeoutMs,
  from,
  to,
  ...parts
}: NonNullable<RawNotifications["smtp"]>) {
  const server = url === undefined ? parts : partsOf(new URL(url));
  const secure = server.secure ?? server.port === 465;
  const { host = "", port = secure ? 465 : 587, user, password } = server;
  return { host, port, secure, user, password, from, to, timeoutMs };
}

const partsOf = ({ protocol, hostname, port, username, password }: URL) => ({
  host: hostname.replace(/^\[(.*)\]$/, "$1"),
  port: port === "" ? undefined : Number(port),
  secure: protocol === "smtps:" ? true : undefined,
  user: username === "" ? undefined : decodeURIComponent(username),
  password: password === "" ? undefined : decodeURIComponent(password),
});
