import { ConfitureError } from "../../base/errors.ts";
import { statementFacts } from "../../sql/facts.ts";
import { parseScript } from "../../sql/parse-script.ts";
import type { Statement } from "../../sql/script.ts";
import { transactionControlIn, withoutWrapper } from "../../sql/transaction-control.ts";
import { type Part, type Refusal, textOf } from "./source-dir.ts";
import type { ToolMigration } from "./tool.ts";
import { asNumber } from "./tool-files.ts";
import { compareVersions } from "../version.ts";

/** A migration as it will be written. */
export interface Carried {
  readonly version: string;
  readonly name: string;
  /** The tool's file. */
  readonly source: string;
  /** Names and texts of the files, the `.up.sql` first. */
  readonly files: readonly { readonly name: string; readonly text: string }[];
}

interface Outcome {
  readonly carried: readonly Carried[];
  readonly refused: readonly Refusal[];
  readonly warnings: readonly string[];
}

/** Judge what another tool's files hold, as the runner would; the order of the versions must be the tool's order. */
export async function carry(migrations: readonly ToolMigration[]): Promise<Outcome> {
  const carried: Carried[] = [];
  const refused: Refusal[] = [];
  const warnings: string[] = [];
  const misplaced = orderChecker();
  for (const migration of migrations) {
    const outcome = misplaced(migration) ?? (await filesOf(migration));
    if ("reason" in outcome) {
      refused.push(outcome);
      continue;
    }
    const { version, name, file: source } = migration;
    carried.push({ version, name, source, files: outcome.files });
    warnings.push(...outcome.warnings);
  }
  return { carried, refused, warnings };
}

/** Our order is the versions' own, so a tool that orders otherwise cannot be followed. */
function orderChecker(): (migration: ToolMigration) => Refusal | undefined {
  const files = new Map<string, string>();
  let newest: ToolMigration | undefined;
  return (migration) => {
    const { version, file } = migration;
    const same = files.get(asNumber(version));
    if (same !== undefined) return { file, reason: `has the version of ${same}` };
    files.set(asNumber(version), file);
    if (newest && compareVersions(newest.version, version) > 0) {
      return { file, reason: `runs after ${newest.file} there, but its version sorts before it here` };
    }
    newest = migration;
    return undefined;
  };
}

interface Files {
  readonly files: Carried["files"];
  readonly warnings: readonly string[];
}

/** The texts of a migration's files, or why there are none. */
async function filesOf({ version, name, up, down, verify }: ToolMigration): Promise<Files | Refusal> {
  const stem = `${version}_${name}`;
  const upward = await judge(up);
  if ("reason" in upward) return upward;
  const files = [{ name: `${stem}.up.sql`, text: upward.text }];
  const warnings: string[] = [];
  const downward = down && (await judge(down));
  if (downward && "reason" in downward) return downward;
  if (downward && (downward.statements.length > 0 || down?.isNothing)) {
    files.push({ name: `${stem}.down.sql`, text: downward.text });
  } else if (downward) warnings.push(`${down!.file} has an empty way back, so ${stem} gets no .down.sql`);
  const verified = verify && (await readVerify(verify));
  if (verified?.text !== undefined) files.push({ name: `${stem}.verify.sql`, text: verified.text });
  if (verified) warnings.push(verified.warning);
  return { files, warnings };
}

interface Judged {
  readonly text: string;
  readonly statements: readonly Statement[];
}

const DIRECTIVE = "-- confiture: no-transaction\n";

/** A part as it will be written: its SQL parses, and leaves the transaction to the runner. */
async function judge(part: Part): Promise<Judged | Refusal> {
  const parsed = await parse(part);
  if ("reason" in parsed) return parsed;
  const statements = withoutWrapper(parsed.statements);
  const control = transactionControlIn(statements);
  if (!control) return { text: (part.noTransaction ? DIRECTIVE : "") + parsed.text, statements };
  return {
    file: part.file,
    reason: `has ${control.text.slice(0, 40)} inside it, and a migration leaves the transaction to the runner`,
    line: part.lines[control.position.line - 1]?.number,
  };
}

/** Errors name the line of the tool's own file. */
async function parse(part: Part): Promise<Judged | Refusal> {
  const text = textOf(part);
  try {
    return { text, statements: (await parseScript({ text, file: part.file }, "MIGR_108")).statements };
  } catch (error) {
    if (!(error instanceof ConfitureError)) throw error;
    const { line = 1 } = error.context;
    return { file: part.file, reason: error.message, line: part.lines[line - 1]?.number ?? line };
  }
}

/** A check is one SELECT here, whose first value says yes or no; elsewhere it may be any SQL that fails. */
async function readVerify(part: Part): Promise<{ text?: string; warning: string }> {
  const parsed = await parse(part);
  const statements =
    "reason" in parsed
      ? []
      : parsed.statements.filter((statement) => statementFacts(statement).transactionControl === undefined);
  const [only] = statements;
  return only?.kind === "SelectStmt" && statements.length === 1
    ? {
        text: `${only.text};\n`,
        warning: `${part.file} is carried; here the first value of its first row must be true`,
      }
    : { warning: `${part.file} is not carried: it is not one SELECT` };
}
