import { AGENT_PITFALLS } from "./agent-pitfalls.ts";

/** One thing that cannot happen, and the tests that would fail if it did: titles by file, as they stand there. */
export interface Pitfall {
  readonly guarantee: string;
  readonly tests: Readonly<Record<string, readonly string[]>>;
}

export const PITFALLS: readonly Pitfall[] = [
  {
    guarantee: "A dry run of either kind leaves the database as it was.",
    tests: {
      "pg/migrate/dry-run": [
        "--dry-run says what would run and leaves no trace",
        "--dry-run-execute runs everything for real, with its ledger rows, and rolls it all back",
        "own savepoints, exception blocks and session settings hold in --dry-run-execute as in up",
        "a failure in --dry-run-execute is told like one of up, and everything is rolled back",
      ],
    },
  },
  {
    guarantee: "An edited migration is noticed, whatever type of file it is.",
    tests: {
      "pg/migrate/verify-checksums": [
        "every file type is verified; a renamed migration is not an edited one",
        "edited, unrecorded and missing files are told apart, and nothing is written",
      ],
      "pg/migrate/up": ["an edited migration is refused before anything runs, whatever its type of change"],
    },
  },
  {
    guarantee:
      "The documents promise nothing that the program does not do: their commands are run, their tables written from the code.",
    tests: {
      "cli/documents": [
        "README: five minutes",
        "README: a database that is already there",
        "README: in CI",
        "docs/guides/%s",
      ],
      "unit/published": ["docs/commands.md", "docs/errors.md"],
      "unit/config/documentation": ["docs/configuration.md is what the schema says"],
      "cli/exit-codes": ["docs/exit-codes.md"],
    },
  },
  {
    guarantee:
      "In JSON mode stdout, or the file, holds exactly one document, also when there is nothing to do; of a command that tells what happens as it happens, each line is one.",
    tests: {
      "cli/answers": [
        "in JSON mode stdout is one document, also when there is nothing to do",
        "the invocation of deploy adapters: file first, nothing on stdout",
      ],
      "cli/adapter": ["up, current, down-to: the fields that deploy tools read, each in the file alone"],
      "cli/exit-codes": ["as published: %s"],
      "cli/hooks": ["the built program runs TypeScript; what a module prints goes to stderr"],
      "cli/coordinate": [
        "watch prints one document on each line, also into a file, and Ctrl-C is its usual end",
      ],
    },
  },
  {
    guarantee:
      "A default config file never beats a database that was injected on purpose; two sources on purpose are refused.",
    tests: {
      "cli/answers": [
        "an injected CONFITURE_DATABASE_URL wins over the default config file",
        "a config file wins over an ambient DATABASE_URL; an explicit one and CONFITURE_DATABASE_URL are refused",
      ],
      "cli/preflight": ["a ledger is asked only where its database was named on purpose"],
    },
  },
  {
    guarantee: "A ledger with a name of its own, in a schema of its own, is the ledger of every command.",
    tests: {
      "cli/tracking-table": ["every command keeps to the ledger %s"],
      "pg/migrate/up": ["a ledger in a schema of its own; a missing schema is refused"],
      "pg/workflows/rebuild": ["a ledger in a schema of its own gets it back"],
    },
  },
  {
    guarantee: "A ledger in another schema is not taken for the one that the statements reach.",
    tests: {
      "pg/migrate/ledger/ledger": ["a bare name follows the search path, and nothing else"],
      "pg/migrate/status": [
        "a ledger of the same name in another schema is a hint, a table that is no ledger is not",
      ],
    },
  },
  {
    guarantee: "An absent ledger, an empty one, one that may not be read and a finding are told apart.",
    tests: {
      "pg/migrate/down": ["without a ledger it exits 2 and makes none"],
      "pg/migrate/verify": ["without a ledger it refuses, unless that is allowed, and makes none"],
      "pg/migrate/verify-checksums": [
        "without a ledger it refuses, unless that is allowed; without a directory always",
      ],
      "pg/migrate/ledger/ledger": [
        "a ledger that may not be read is no absent one",
        "row security that hides applied migrations is not taken for an empty ledger",
        "a table of that name with another shape is no ledger",
      ],
    },
  },
  {
    guarantee: "Every check that is asked for runs; a gate that would run none is refused.",
    tests: {
      "unit/migrate/validate": [
        "only the requested ones run, each of them",
        "checks %j are refused, as nothing would run",
      ],
      "cli/checks": [
        "migrate validate: one report of all checks; warnings say no under --strict or strict_mode",
      ],
      "cli/hooks": ["a configuration that names nothing is no success"],
    },
  },
  {
    guarantee: "No flag and no config key is accepted and ignored.",
    tests: {
      "cli/checks": [
        "migrate validate: flags that would do nothing are refused, as is a check that does not exist",
        "migrate verify takes its database from a config file as from a flag",
      ],
      "cli/preflight": ["preflight %s is refused"],
      "cli/bad-input": ["flags that exclude each other, in either order: %s"],
      "cli/scratch-workflows": ["flags that belong to --auto-detect-baseline are refused without it"],
      "cli/ssh-tunnel": [
        "every command that connects goes through the tunnel of the config file, which ends with the command",
      ],
      "unit/config/dead-keys": ["keys that are given are found, those that ask for nothing are not"],
    },
  },
  {
    guarantee: "A statement that is not recognised is never certified as safe.",
    tests: {
      "unit/workflows/replica-issues": [
        "a program is never known, and a file that does not parse is not certified either",
      ],
      "unit/workflows/change-set": ["a file that cannot be looked into is one entry without a tier"],
      "unit/sql/statement-impact": ["one unknown makes the whole unknown"],
      "unit/sql/transaction-facts": ["a statement of a kind not known is unknown"],
      "unit/sql/facts": ["every statement kind of the parser is known, and no other"],
    },
  },
  {
    guarantee:
      "There is one SQL parser: what it cannot read is an error with its place, and COPY data blinds nothing.",
    tests: {
      "unit/sql/parse": ["nesting that exhausts the parser is an error, and the parser survives it"],
      "unit/sql/parse-script": ["data follows the line of a COPY", "%j is refused with file and line"],
      "cli/bad-input": ["a syntax error in line 4,000"],
      "pg/migrate/up": ["inline COPY data is loaded"],
    },
  },
  {
    guarantee: "BEGIN, COMMIT and semicolons in function bodies, DO blocks and strings are left alone.",
    tests: {
      "pg/migrate/up": [
        "BEGIN, COMMIT and semicolons in bodies and strings are no statements",
        "a wrapping BEGIN … COMMIT is taken off, with a warning",
      ],
      "unit/sql/parse-script": ["bodies of SQL routines are not cut where data follows them"],
      "pg/migrate/modules/run-module": ["what a function body or a savepoint does is allowed"],
    },
  },
  {
    guarantee: "A migration that ends its transaction itself is refused before any of it runs.",
    tests: {
      "pg/migrate/up": ["%s inside a migration is refused before anything runs"],
      "cli/bad-input": ["a COMMIT inside a migration"],
      "pg/migrate/modules/run-module": ["hidden in a file"],
      "pg/pg/run-script": ["what follows an error never runs, whatever ends the transaction"],
    },
  },
  {
    guarantee:
      "An SQL file can say that it must run outside a transaction, and one that must is recognised without saying so.",
    tests: {
      "unit/migrate/directives": [
        "directives stand in the leading comment only",
        "%j is refused, not ignored",
      ],
      "pg/migrate/up": ["CREATE INDEX CONCURRENTLY runs outside a transaction"],
      "pg/migrate/run-outside": [
        "a failure half-way is recorded, shown by status, and the next run goes on behind what is done",
      ],
    },
  },
  {
    guarantee:
      "What needs a commit is left out of a dry run and of a rehearsal, or uses the copy up and says so; it is no connection error.",
    tests: {
      "pg/migrate/dry-run": [
        "--dry-run-execute runs everything for real, with its ledger rows, and rolls it all back",
        "an enum value that is used right after it was added cannot be tried in one transaction, which is said",
      ],
      "pg/workflows/preflight": [
        "an enum value that the next migration uses: a copy must be used up to know",
        "CREATE INDEX CONCURRENTLY is replayed without CONCURRENTLY on a copy, and compared",
      ],
      "pg/migrate/modules/run-module": ["a rehearsal refuses it before it runs, in a transaction or not"],
    },
  },
  {
    guarantee:
      "Every command that writes takes the migration lock first, and looks at the ledger after it has it.",
    tests: {
      "cli/locked": [
        "every command that takes the lock is tried",
        "while another run holds the lock, every command that writes exits 6 and leaves no trace",
      ],
      "pg/migrate/up": ["ten runs at once: each migration once, the losers wait"],
      "pg/migrate/processes": [
        "two runs at once, ten times over: each migration once, and the loser waits or exits 6",
      ],
      "pg/workflows/rebuild": ["the migration lock is taken first"],
    },
  },
  {
    guarantee:
      "Nothing is created before the lock is taken, the wait for it ends, and whoever waits keeps nobody waiting.",
    tests: {
      "cli/locked": [
        "while another run holds the lock, every command that writes exits 6 and leaves no trace",
      ],
      "pg/migrate/up": ["a run that may not wait exits 6, names the holder and has looked at nothing"],
      "pg/pg/lock": ["who waits holds no snapshot: CREATE INDEX CONCURRENTLY of the holder goes through"],
      "pg/migrate/lock/lock-retry": [
        "a migration that loses its race for a lock is tried again, and nobody queues behind it meanwhile",
      ],
    },
  },
  {
    guarantee:
      "Exit codes, error codes and their documents are one table, and every code is thrown and tested.",
    tests: {
      "guards/error-codes": ["every code is thrown somewhere", "every code has a test that triggers it"],
      "cli/exit-codes": [
        "as published: %s",
        "%s has a line for success and one for failure",
        "every exit number has a line",
      ],
    },
  },
  {
    guarantee:
      "Exit code 2 says that the ledger is absent and nothing else; a finding, a mismatch and a defect have codes of their own.",
    tests: {
      "cli/exit-codes": ["2 says that the ledger is absent, and nothing else does"],
      "cli/answers": ["status: exit 2 without a ledger, 1 with pending, 0 when all is applied"],
      "cli/checks": ["verify-checksums: 2 without a ledger, 1 with a mismatch, 0 once it is fixed"],
      "unit/cli/report": ["a defect keeps its stack on stderr and is INTERNAL_ERROR for machines"],
    },
  },
  {
    guarantee: "Telling an error never fails, and never hides it: missing hashes and fields are no surprise.",
    tests: {
      "unit/pg/server-error": [
        "details hold what the server said, and only that",
        "an error that is known keeps what it says; a defect comes back as it is",
      ],
      "pg/migrate/verify-checksums": [
        "edited, unrecorded and missing files are told apart, and nothing is written",
      ],
      "unit/cli/report": ["a known error is told with place, pointer and remedy, on stderr only"],
    },
  },
  {
    guarantee:
      "A statement outside a transaction never meets an open one, and a broken transaction never passes for a commit.",
    tests: {
      "pg/pg/connection": [
        "is not begun inside another",
        "that passes an error over does not pretend to have committed",
        "whose commit is refused says so",
      ],
      "pg/migrate/run-outside": [
        "roles and settings of the file hold again when a run goes on, and do not write our record",
      ],
    },
  },
  {
    guarantee:
      "Migrations of one name that run within one second are recorded both, and no extension is needed.",
    tests: {
      "pg/migrate/ledger/ledger": [
        "migrations of one name that run within a second have slugs and ids of their own, without any extension",
      ],
      "pg/migrate/up": ["the ledger has exactly the columns and defaults of the shared format"],
    },
  },
  {
    guarantee:
      "A config file that the command line accepts is accepted by the library, and one that it refuses is refused.",
    tests: {
      "cli/answers": ["%s is the same to the command line and to the library"],
      "unit/config/load": ["an empty file is a project with all defaults"],
      "pg/migrator": ["from a config file: status, up, current, down"],
    },
  },
  {
    guarantee: "Every command works as it is documented, with every way to name its database.",
    tests: {
      "cli/documents": ["docs/guides/%s", "README: five minutes"],
      "cli/checks": ["migrate verify takes its database from a config file as from a flag"],
      "cli/install-helpers": [
        "installs into the database of the environment that is named, and says when there is nothing to do",
      ],
      "cli/exit-codes": ["%s has a line for success and one for failure"],
    },
  },
  {
    guarantee:
      "A .verify.sql or any other file beside a migration is never taken for one, and never renamed into one.",
    tests: {
      "unit/migrate/files": [
        "pairs, sidecars, orphans and Python files are told apart",
        "a migration knows its assertion and its preconditions; those of no migration are strays",
      ],
      "unit/migrate/validate": [
        "a migration with its rollback, assertion and preconditions is fine",
        "renames what looks like a migration, pairs it with its rollback, and touches nothing else",
      ],
    },
  },
  {
    guarantee:
      "Ledger rows whose files are gone are shown and stop a rollback; the newest revision is the current one, also after reinit.",
    tests: {
      "pg/migrate/down": ["an applied migration whose files are gone is an error, not a success"],
      "pg/migrate/status": ["applied, pending, and rows whose files are gone"],
      "pg/migrate/reinit": [
        "the ledger begins anew; the newest is current and goes first on the way down",
        "%s gives every row a time of its own, in order",
      ],
    },
  },
  {
    guarantee:
      "Nothing that was applied is rewritten behind your back, and what is written anew is proven to do the same.",
    tests: {
      "pg/migrate/validate": [
        "fixNaming leaves files alone whose version is applied, and writes nothing into the database",
      ],
      "unit/migrate/validate": ["never over a file, and never to a version that is taken"],
      "pg/migrate/verify-checksums": ["fix records what differs, and only that"],
      "pg/workflows/squash": ["nothing is written for want of a proof: %s"],
      "pg/migrate/view-helpers/view-helpers-sql": [
        "everything of a materialized view: indexes, statistics, storage, options, rows",
      ],
    },
  },
  {
    guarantee: "No password reaches an answer, a log line, an error, the ledger or the lock's row.",
    tests: {
      "cli/secrets": [
        "no answer repeats a password: %#",
        "no password reaches an answer, the ledger or the lock's row",
      ],
      "unit/pg/connection-string": [
        "never shows a password, whatever characters it has",
        "within a text: %s",
      ],
      "unit/pg/server-error": [
        "neither values of parameters nor the text of a statement that sets a password are repeated",
      ],
      "pg/workflows/preflight": ["no password of the copy's URL appears in the result"],
    },
  },
  {
    guarantee:
      "A test run without a server fails, no test is left out for want of one, and the helpers' schema leaks into nobody's search path.",
    tests: {
      "guards/skipped": [
        "no test is left out but for what this machine or this major version cannot have",
        "a run without a server fails",
      ],
      "pg/migrate/view-helpers/view-helpers": [
        "nobody else can use them, and no snapshot shows them",
        "a role named confiture, and a schema that belongs to another role, are warned of",
      ],
    },
  },
  ...AGENT_PITFALLS,
];
