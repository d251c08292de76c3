import * as z from "zod";
import type { Server } from "../../pg/connection.ts";
import { ident, literal, type Sql, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { subscriptionHere, subscriptionOid } from "../subscription-oid.ts";

const row = z.object({
  name: z.string(),
  publications: z.array(z.string()),
  /** Null when it has none. */
  slot_name: z.string().nullable(),
  /** Null before PostgreSQL 14, where only a superuser may read it; not compared there. */
  synchronous_commit: z.string().nullable(),
  binary: z.boolean(),
  streaming: z.enum(["off", "on", "parallel"]),
  two_phase: z.boolean(),
  disable_on_error: z.boolean(),
  origin: z.string(),
  password_required: z.boolean(),
  run_as_owner: z.boolean(),
  failover: z.boolean(),
});
type Subscription = z.infer<typeof row>;

const since = (major: number, column: string, server: Server, before: string): Sql =>
  sql.raw(server.major >= major ? column : before);

const named = (s: Subscription): string => `subscription ${ident(s.name)}`;

const list = (names: readonly string[]): string => names.map((name) => ident(name)).join(", ");

/** Options as WITH and SET write them, by attribute. */
const OPTIONS = {
  slot_name: ({ slot_name }) => (slot_name === null ? "none" : literal(slot_name).trimStart()),
  synchronous_commit: ({ synchronous_commit }) => synchronous_commit ?? "off",
  binary: ({ binary }) => String(binary),
  streaming: ({ streaming }) => streaming,
  two_phase: ({ two_phase }) => String(two_phase),
  disable_on_error: (s) => String(s.disable_on_error),
  origin: ({ origin }) => origin,
  password_required: (s) => String(s.password_required),
  run_as_owner: (s) => String(s.run_as_owner),
  failover: ({ failover }) => String(failover),
} satisfies { readonly [A in keyof Subscription]?: (s: Subscription) => string };

type Option = keyof typeof OPTIONS;

/** What CREATE SUBSCRIPTION does when nothing is said. */
const defaults = (s: Subscription, major: number): Pick<Subscription, Option> => ({
  slot_name: s.name,
  synchronous_commit: s.synchronous_commit === null ? null : "off",
  binary: false,
  streaming: major >= 18 ? "parallel" : "off",
  two_phase: false,
  disable_on_error: false,
  origin: "any",
  password_required: true,
  run_as_owner: false,
  failover: false,
});

const written = (s: Subscription, option: Option): string => `${option} = ${OPTIONS[option](s)}`;

const set =
  (option: Option) =>
  (to: Subscription): string =>
    `alter ${named(to)} set (${written(to, option)})`;

function create(s: Subscription, { major }: { readonly major: number }): string {
  const usual = defaults(s, major);
  const options = (Object.keys(OPTIONS) as Option[]).filter((name) => s[name] !== usual[name]);
  return `create ${named(s)} connection 'dbname=' publication ${list(s.publications)} with (${[
    "connect = false",
    ...options.map((option) => written(s, option)),
  ].join(", ")})`;
}

/**
 * How it reaches the publisher is a secret and never read. A new one names an empty connection, does not connect,
 * and is disabled: `alter subscription … connection`, `enable` and `refresh publication` are left to be done by
 * hand, as is the slot on the publisher, which is neither made nor dropped here. Whether one is enabled is not
 * schema. What PostgreSQL only changes together with the publisher has no `alter`.
 */
export const subscription: Kind<Subscription> = defineKind({
  name: "subscription",
  folder: "publications",
  byHand: (s) => `the connection of the ${named(s)}, which is made disabled`,
  catalog: "pg_subscription",
  key: ["name"],
  label: (s) => ident(s.name),
  row,
  query: (server) => sql`
    select ${subscriptionOid(server.major)} as oid, s.subname as name,
      array(select unnest(s.subpublications) order by 1) as publications, s.subslotname as slot_name,
      ${since(14, "s.subsynccommit", server, "null")} as synchronous_commit,
      ${since(14, "s.subbinary", server, "false")} as binary,
      ${since(14, "case s.substream::text when 'p' then 'parallel' when 't' then 'on' when 'true' then 'on' else 'off' end", server, "'off'")}
        as streaming,
      ${since(15, "s.subtwophasestate <> 'd'", server, "false")} as two_phase,
      ${since(15, "s.subdisableonerr", server, "false")} as disable_on_error,
      ${since(16, "s.suborigin", server, "'any'")} as origin,
      ${since(16, "s.subpasswordrequired", server, "true")} as password_required,
      ${since(16, "s.subrunasowner", server, "false")} as run_as_owner,
      ${since(17, "s.subfailover", server, "false")} as failover
    from pg_subscription s where ${subscriptionHere}`,
  create,
  drop: (s) => [`alter ${named(s)} disable`, `alter ${named(s)} set (slot_name = none)`, `drop ${named(s)}`],
  alter: {
    publications: (to) =>
      `alter ${named(to)} set publication ${list(to.publications)} with (refresh = false)`,
    slot_name: set("slot_name"),
    synchronous_commit: set("synchronous_commit"),
    binary: set("binary"),
    streaming: set("streaming"),
    disable_on_error: set("disable_on_error"),
    origin: set("origin"),
    password_required: set("password_required"),
    run_as_owner: set("run_as_owner"),
  },
  holdsRows: () => true,
});
