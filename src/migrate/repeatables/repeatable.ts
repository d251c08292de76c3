import { ConfitureError } from "../../base/errors.ts";
import { type ObjectName, statementFacts } from "../../sql/facts.ts";
import { parseScript } from "../../sql/parse-script.ts";
import type { Script } from "../../sql/script.ts";
import { beginningOf } from "../../sql/statement-text.ts";
import { readDirectives, withoutDirectives } from "../directives.ts";
import type { RepeatableFile } from "./repeatable-files.ts";

/** A repeatable file whose SQL was parsed. */
export interface ParsedRepeatable extends RepeatableFile {
  readonly script: Script;
}

/**
 * The files to run: those that `isChanged`, and those that use what a changed file defines, which it may drop on the
 * way; what is defined comes before what uses it, as far as the SQL tells, else by path.
 * Throws MIGR_108, MIGR_107, or MIGR_102 for a file that has directives or cannot run in a transaction.
 */
export async function inRunOrder(
  files: readonly RepeatableFile[],
  isChanged: (file: RepeatableFile) => boolean,
): Promise<ParsedRepeatable[]> {
  if (!files.some(isChanged)) return [];
  const parsed: ParsedRepeatable[] = [];
  for (const file of files) parsed.push({ ...file, script: await parse(file) });
  const uses = new Map(parsed.map((file) => [file, usedFiles(file, parsed)]));
  const wanted = new Set(parsed.filter(isChanged));
  for (let grown = -1; grown !== wanted.size;) {
    grown = wanted.size;
    for (const [file, used] of uses) if (used.some((other) => wanted.has(other))) wanted.add(file);
  }
  return definersFirst(parsed, uses).filter((file) => wanted.has(file));
}

async function parse({ text, file }: RepeatableFile): Promise<Script> {
  refuseDirectives(text, file);
  const script = await parseScript({ text, file }, "MIGR_108");
  for (const statement of script.statements) {
    const { transactionControl, transactional } = statementFacts(statement);
    const place = { file, line: statement.position.line };
    if (transactionControl !== undefined && !IN_TRANSACTION.has(transactionControl)) {
      throw new ConfitureError(
        "MIGR_107",
        `${statement.text.slice(0, 40)} stands in a repeatable file`,
        place,
      );
    }
    if (transactional === false) {
      throw new ConfitureError("MIGR_102", `${beginningOf(statement, 60)} cannot run in a transaction`, {
        ...place,
        actionable: "Repeatable files run in one transaction; put this statement into a migration.",
      });
    }
  }
  return script;
}

/** They hold for one migration, and all repeatable files share a transaction. */
function refuseDirectives(text: string, file: string): void {
  readDirectives(text, file);
  if (withoutDirectives(text) === text) return;
  throw new ConfitureError("MIGR_102", `${file} has a directive, which only a migration can have`, {
    file,
    actionable: "Remove the `-- confiture:` line; for another role, write SET ROLE into the file.",
  });
}

const IN_TRANSACTION: ReadonlySet<string> = new Set(["savepoint", "release", "rollback-to"]);

type Uses = ReadonlyMap<ParsedRepeatable, readonly ParsedRepeatable[]>;

function usedFiles(file: ParsedRepeatable, all: readonly ParsedRepeatable[]): ParsedRepeatable[] {
  const used = file.script.statements.flatMap((statement) => statementFacts(statement).uses);
  return all.filter(
    (other) => other !== file && definedIn(other).some((object) => used.some(isSame(object))),
  );
}

const definedIn = ({ script }: ParsedRepeatable): readonly ObjectName[] =>
  script.statements.flatMap((statement) => statementFacts(statement).defines);

/** A name without a schema may mean either. */
const isSame = (a: ObjectName) => (b: ObjectName) =>
  a.type === b.type &&
  a.name === b.name &&
  (a.schema === undefined || b.schema === undefined || a.schema === b.schema);

/** Depth first; a circle is broken where it is entered, and the server has the last word. */
function definersFirst(files: readonly ParsedRepeatable[], uses: Uses): ParsedRepeatable[] {
  const ordered = new Set<ParsedRepeatable>();
  const entered = new Set<ParsedRepeatable>();
  const visit = (file: ParsedRepeatable) => {
    if (entered.has(file)) return;
    entered.add(file);
    uses.get(file)?.forEach(visit);
    ordered.add(file);
  };
  files.forEach(visit);
  return [...ordered];
}
