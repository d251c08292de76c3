import * as z from "zod";
import { RESERVED_WORDS } from "../sql/reserved-words.ts";
import { hooks, notifications } from "./environment-automation.ts";
import { acls, functionCoverage, ownership, securityLint } from "./environment-checks.ts";
import { dsn, duration, identifier, names } from "./environment-values.ts";

const includeDir = z.union([
  z.string().min(1).describe("A directory that must exist, taken with all `.sql` files below it."),
  z.strictObject({
    path: z.string().min(1).describe("The directory."),
    recursive: z.boolean().default(true).describe("Look into subdirectories."),
    include: names.default(["**/*.sql"]).describe("Globs, relative to `path`; a file must match one."),
    exclude: names.default([]).describe("Globs, relative to `path`; a file that matches one is left out."),
    auto_discover: z.boolean().default(true).describe("A missing directory is skipped; false: an error."),
    order: z.int().default(0).describe("Directories with a lower number are built first."),
  }),
]);

const separators = z
  .strictObject({
    style: z
      .enum(["block_comment", "line_comment", "custom"])
      .default("block_comment")
      .describe("How `build` marks where each source file begins."),
    custom_template: z
      .string()
      .refine((text) => text.includes("{file_path}"), "must contain {file_path}")
      .nullish()
      .describe("The mark when `style` is `custom`; contains `{file_path}`."),
  })
  .superRefine(({ style, custom_template }, context) => {
    if (style === "custom" && custom_template == null) {
      context.addIssue({ code: "custom", path: ["custom_template"], message: "is missing" });
    }
  });

const build = z.strictObject({
  sort_mode: z
    .enum(["alphabetical", "hex"])
    .default("alphabetical")
    .describe("How numeric prefixes are read."),
  two_pass: z.boolean().default(false).describe("Move all foreign keys to the end."),
  validate_comments: z
    .strictObject({
      enabled: z.boolean().default(true).describe("Look for comments, strings and quotes left open."),
      fail_on_unclosed_blocks: z.boolean().default(true).describe("One left open in a file is an error."),
      fail_on_spillover: z.boolean().default(true).describe("One that reaches the next file is an error."),
    })
    .prefault({})
    .describe("The check for unterminated comments."),
  separators: separators.prefault({}).describe("The marks between source files."),
  lint: z.record(z.string(), z.unknown()).optional().describe("Lint settings of `build`."),
});

const seed = z.strictObject({
  execution_mode: z
    .enum(["concatenate", "sequential"])
    .default("concatenate")
    .describe("How seeds are loaded."),
  continue_on_error: z.boolean().default(false).describe("Go on with the next file after a failure."),
  transaction_mode: z.enum(["savepoint", "transaction"]).default("savepoint").describe("Unit of a rollback."),
  profiles: z
    .record(
      z.string(),
      z.strictObject({
        include: names.default([]).describe("Globs on seed file names that belong to the profile."),
        exclude: names.default([]).describe("Globs on seed file names that do not."),
      }),
    )
    .default({})
    .describe("Named selections of seed files."),
});

const trackingTable = z
  .string()
  .regex(/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)?$/, "must be `name` or `schema.name`, of letters, digits and _")
  .refine((name) => !RESERVED_WORDS.has(name.split(".").at(-1)!.toLowerCase()), "is a reserved word of SQL");

const generator = z.strictObject({
  command: z
    .string()
    .refine(
      (text) => ["{from}", "{to}", "{output}"].every((place) => text.includes(place)),
      "must contain {from}, {to} and {output}",
    )
    .describe("The shell command; contains `{from}`, `{to}` and `{output}`, which become quoted paths."),
  description: z.string().default("").describe("Said when the program runs."),
});

const migration = z.strictObject({
  tracking_table: trackingTable.default("tb_confiture").describe("The ledger: `name` or `schema.name`."),
  repeatable_dir: z
    .string()
    .default("db/repeatable")
    .describe("Views, functions and grants that run again after the migrations whenever they change."),
  linear: z
    .boolean()
    .optional()
    .describe(
      "`migrations.sum` keeps migrations of branches in one order. By default true where that file is there.",
    ),
  base: z
    .string()
    .regex(/^[^-:]\S*$/, "is not a ref of git")
    .default("origin/main")
    .describe("What `migrate rebase` puts the migrations of a branch behind: a ref of git."),
  strict_mode: z.boolean().default(false).describe("`.sql` files with an unknown role stop `migrate up`."),
  locking: z
    .strictObject({
      enabled: z.boolean().default(true).describe("Take the migration lock; false acts as `--no-lock`."),
      timeout_ms: z
        .int()
        .min(0)
        .default(30_000)
        .describe("How long to wait for it, in ms (`--lock-timeout`)."),
    })
    .prefault({})
    .describe("The lock that keeps two runs apart."),
  lock_timeout: duration
    .optional()
    .describe(
      "How long a statement may wait for a lock: PostgreSQL's `lock_timeout`, in ms or like `5s`. By default `5s`.",
    ),
  lock_retries: z
    .int()
    .min(0)
    .default(10)
    .describe("How often a migration that ran into `lock_timeout` is rolled back and tried again."),
  statement_timeout: duration
    .optional()
    .describe("How long a statement may run: PostgreSQL's `statement_timeout`, in ms or like `10min`."),
  view_helpers: z
    .enum(["auto", "manual", "off"])
    .default("auto")
    .describe(
      "View helpers: installed by `up` when a migration calls one, by `install-helpers` only, or never.",
    ),
  migration_generators: z
    .record(z.string(), generator)
    .default({})
    .describe("External programs for `migrate generate`."),
  snapshot_history: z
    .boolean()
    .default(true)
    .describe("`migrate generate` also writes what the DDL files say at that time."),
  snapshots_dir: z
    .string()
    .default("db/schema_history")
    .describe("Where it writes that, relative to the project."),
  live_snapshot: z.boolean().default(false).describe("Take the snapshot from a database."),
  rebuild_threshold: z
    .int()
    .min(1)
    .default(5)
    .describe("Pending migrations from which a rebuild is advised."),
  grant_dir: z
    .string()
    .optional()
    .describe("The GRANT files, relative to this file. By default `db/7_grant`."),
  allow_unsafe_under_replication: z.boolean().default(false).describe("Replica findings are warnings only."),
});

const database = z.strictObject({
  host: z.string().min(1).default("localhost").describe("A name, an address or a socket directory."),
  port: z.coerce.number<number | string>().int().min(1).max(65_535).default(5432).describe("The port."),
  database: z.string().min(1).default("postgres").describe("The database's name."),
  user: z.string().min(1).default("postgres").describe("The role."),
  password: z.string().default("").describe("The password, as it is: nothing needs percent-encoding here."),
});

const sshTunnel = z.strictObject({
  host: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9.:_-]*$/, "is not a host name")
    .describe("The SSH server."),
  user: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]*$/, "is not a user name")
    .nullish()
    .describe("The login."),
  remote_host: z.string().default("localhost").describe("The database's host, as the SSH server sees it."),
  remote_port: z.int().min(1).max(65_535).default(5432).describe("The database's port."),
  remote_socket: z.string().nullish().describe("A socket instead of host and port."),
  local_port: z
    .int()
    .min(0)
    .max(65_535)
    .default(0)
    .describe("The local end; 0 takes a free one. `${TUNNEL_LOCAL_PORT}` may stand for it."),
  identity_file: z.string().nullish().describe("The private key."),
  timeout_s: z.int().min(1).default(10).describe("How long to wait for the connection, in seconds."),
});

/** `db/environments/<env>.yaml`, key by key as it is written; keys not listed here are errors. */
export const environmentSchema = z.strictObject({
  name: z.string().optional().describe("A label. The file's name without `.yaml` is what counts."),
  database_url: z
    .union([z.literal("embedded"), dsn])
    .optional()
    .describe("`postgresql://…`, `key=value …`, or `embedded` for a PostgreSQL in `.confiture/`."),
  database: database.optional().describe("The connection in parts, instead of `database_url`."),
  protected: z.boolean().default(false).describe("Commands that destroy data refuse to work here."),
  include_dirs: z
    .array(includeDir)
    .optional()
    .describe("The DDL source, relative to the project. By default `db/schema`, if it exists."),
  exclude_dirs: names.default([]).describe("Directories left out, with everything below them."),
  superuser_dirs: names.default([]).describe("Directories that a superuser must run first."),
  superuser_post_dirs: names.default([]).describe("Directories that a superuser must run last."),
  build: build.prefault({}).describe("`confiture build`."),
  seed: seed.prefault({}).describe("Seed data."),
  migration: migration.prefault({}).describe("`confiture migrate`."),
  scratch: z
    .strictObject({
      url: dsn.optional().describe("A server for scratch databases; the role needs CREATEDB."),
    })
    .prefault({})
    .describe("Throwaway databases."),
  drift: z
    .strictObject({
      ignore: names
        .default([])
        .describe("Differences that `drift` only counts: patterns on kind and name, like `index public.*`."),
    })
    .prefault({})
    .describe("`confiture drift`."),
  infrastructure: z
    .strictObject({ replicas: names.default([]).describe("Names of the replicas of this database.") })
    .prefault({})
    .describe("What surrounds the database."),
  apply_as: z
    .record(identifier, z.strictObject({ url: dsn.describe("The connection of that role.") }))
    .default({})
    .describe("Connections for migrations that another role must run, by role."),
  acls: acls.optional().describe("Grants that must exist: a list, or `lint_enabled` and `expectations`."),
  ownership: ownership.nullish().describe("Who must own the objects."),
  function_coverage: functionCoverage.nullish().describe("Functions must be unique."),
  security_lint: securityLint.nullish().describe("SECURITY DEFINER functions must pin their search_path."),
  ssh_tunnel: sshTunnel
    .nullish()
    .describe("A tunnel by `ssh`; its end takes the place of the host and port in `database_url`."),
  auto_backup: z.boolean().optional().describe("Back up before migrating."),
  require_confirmation: z.boolean().optional().describe("Ask before migrating."),
  pggit: z.record(z.string(), z.unknown()).optional().describe("Settings of pgGit."),
  hooks: hooks.optional().describe("Commands and modules that run before and after migrations."),
  notifications: notifications.optional().describe("One message after a run."),
});

/** A config file that passed: defaults filled in, snake_case kept. */
export type EnvironmentFile = z.infer<typeof environmentSchema>;
