import { ConfitureError } from "../base/errors.ts";
import { parseScript } from "../sql/parse-script.ts";
import { decodeUtf8 } from "../sql/decode-utf8.ts";
import { statementFacts } from "../sql/facts.ts";
import type { Script } from "../sql/script.ts";
import { beginningOf } from "../sql/statement-text.ts";
import { transactionControlIn, withoutWrapper } from "../sql/transaction-control.ts";
import { contentChecksum } from "./content-checksum.ts";
import type { MigrationFile } from "./files.ts";
import { type Directives, NO_DIRECTIVES, readDirectives } from "./directives.ts";
import type { ModuleMigration } from "./modules/module-migration.ts";
import type { Precondition } from "./preconditions/preconditions.ts";
import { checksumOf, readBytes } from "./read-bytes.ts";

/** One direction of a migration, read and judged before anything runs: an SQL script, or a module that was loaded. */
export type MigrationBody = BodyFacts &
  (
    | { readonly script: Script; readonly module: undefined }
    | { readonly script: undefined; readonly module: ModuleMigration }
  );

interface BodyFacts {
  readonly file: string;
  readonly direction: "up" | "down";
  /** The file's hash as the ledger keeps it. */
  readonly checksum: string;
  /** False when a statement cannot run inside a transaction, or the migration says so. */
  readonly transactional: boolean;
  /** There is a down part, and nothing declares that it does not lead back. */
  readonly reversible: boolean;
  /** It adds a value to an enum, which PostgreSQL lets nobody use before the commit. */
  readonly addsEnumValue: boolean;
  /** First words of the statements that need to run outside of one. */
  readonly nonTransactionalStatements: readonly string[];
  readonly directives: Directives;
  /** What must hold in the database before it runs. */
  readonly preconditions: readonly Precondition[];
  /** A BEGIN and COMMIT around the whole file were taken off. */
  readonly unwrapped: boolean;
}

/**
 * Read and judge one direction of a migration; a module is loaded.
 * Throws MIGR_108 for SQL that does not parse, MIGR_107 for transaction control inside it, MIGR_113 for a module that
 * cannot be loaded, MIGR_102 for a directive or sidecar that is not understood, ROLLBACK_600 without a way back.
 */
export async function readBody(migration: MigrationFile, direction: "up" | "down"): Promise<MigrationBody> {
  const file = direction === "up" ? migration.upFile : migration.downFile;
  if (file === undefined) throw noWayBack(migration);
  try {
    return migration.kind === "module"
      ? await readModule(migration, direction)
      : await readScript(migration, file, direction);
  } catch (error) {
    throw error instanceof ConfitureError ? error.with({ migration: migration.version, file }) : error;
  }
}

const noWayBack = ({ version, upFile, kind }: MigrationFile): ConfitureError =>
  new ConfitureError(
    "ROLLBACK_600",
    `migration ${version} has no ${kind === "sql" ? ".down.sql" : "down()"}`,
    {
      migration: version,
      file: upFile,
    },
  );

async function readScript(
  { downFile, sidecarFile }: MigrationFile,
  file: string,
  direction: "up" | "down",
): Promise<MigrationBody> {
  const bytes = readBytes(file);
  const text = decodeUtf8(bytes, file);
  const parsed = await parseScript({ text, file }, "MIGR_108");
  const statements = withoutWrapper(parsed.statements);
  const unwrapped = statements !== parsed.statements;
  const script = unwrapped ? { ...parsed, statements } : parsed;
  refuseTransactionControl(script);
  const outside = script.statements.filter((s) => statementFacts(s).transactional === false);
  const directives = readDirectives(text, file);
  return {
    file,
    direction,
    checksum: contentChecksum(bytes),
    script,
    module: undefined,
    transactional: outside.length === 0 && !directives.noTransaction,
    reversible: downFile !== undefined && !directives.irreversible,
    nonTransactionalStatements: outside.map((s) => beginningOf(s, 80)),
    addsEnumValue: script.statements.some((s) => statementFacts(s).addsEnumValue),
    directives,
    preconditions: sidecarFile === undefined ? [] : await readSidecar(sidecarFile, direction),
    unwrapped,
  };
}

/** Loaded only where there is one. */
async function readSidecar(file: string, direction: "up" | "down"): Promise<readonly Precondition[]> {
  const { readPreconditions } = await import("./preconditions/preconditions.ts");
  return (await readPreconditions(file))[direction];
}

async function readModule({ upFile: file, version, name, ...rest }: MigrationFile, direction: "up" | "down") {
  if (rest.sidecarFile !== undefined) {
    throw new ConfitureError("MIGR_102", `${rest.sidecarFile} stands beside a module`, {
      file: rest.sidecarFile,
      actionable: "Write upPreconditions and downPreconditions into the module.",
    });
  }
  const { loadModuleMigration } = await import("./modules/module-migration.ts");
  const module = await loadModuleMigration(file);
  if (direction === "down" && !module.down) throw noWayBack({ ...rest, upFile: file, version, name });
  const { transactional, requiresSuperuser, irreversible, runAs, lockTimeoutMs } = module;
  return {
    file,
    direction,
    checksum: checksumOf(file),
    script: undefined,
    module,
    transactional,
    reversible: module.down !== undefined && !irreversible,
    nonTransactionalStatements: [],
    addsEnumValue: false,
    directives: {
      ...NO_DIRECTIVES,
      noTransaction: !transactional,
      requiresSuperuser,
      irreversible,
      runAs,
      lockTimeoutMs,
    },
    preconditions: direction === "up" ? module.upPreconditions : module.downPreconditions,
    unwrapped: false,
  };
}

/** The body, or nothing when it cannot be read: whoever runs it reports that. */
export const readBodyIfValid = (migration: MigrationFile): Promise<MigrationBody | undefined> =>
  readBody(migration, "up").catch((error: unknown) => {
    if (error instanceof ConfitureError) return undefined;
    throw error;
  });

function refuseTransactionControl(script: Script): void {
  const found = transactionControlIn(script.statements);
  if (!found) return;
  throw new ConfitureError("MIGR_107", `${found.text.slice(0, 40)} stands inside a migration`, {
    line: found.position.line,
    details: { statement: found.text.slice(0, 200) },
  });
}
