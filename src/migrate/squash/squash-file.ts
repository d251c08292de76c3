import { basename } from "node:path";
import { ConfitureError } from "../../base/errors.ts";
import { statementFacts } from "../../sql/facts.ts";
import { skipBlank } from "../../sql/lexer.ts";
import { parseScript } from "../../sql/parse-script.ts";
import type { Script, Statement } from "../../sql/script.ts";
import { resetsOf } from "../../sql/session-settings.ts";
import { beginningOf } from "../../sql/statement-text.ts";
import { withoutConcurrently } from "../../sql/without-concurrently.ts";
import { withoutDirectives } from "../directives.ts";
import type { MigrationFile } from "../files.ts";
import { type MigrationBody, readBody } from "../migration.ts";

/** Several migrations as the text of one. */
export interface SquashText {
  readonly up: string;
  /** The way back, or why there is none. */
  readonly down: { readonly text: string } | { readonly flaw: string };
  /** Versions that add a value to an enum, which before PostgreSQL 17 no later part can use. */
  readonly enumValues: readonly string[];
}

/**
 * The text of one migration that does what these do, one after the other, in one transaction: statements and
 * comments as they are written. Throws MIGR_114 for what cannot be carried over, and as `readBody`.
 */
export async function composeSquash(migrations: readonly MigrationFile[]): Promise<SquashText> {
  const ups = await readAll(migrations, "up");
  const stuck = migrations.filter((_, i) => !ups[i]!.reversible);
  const squashes = migrations.flatMap((m, i) => versionsOf(m, ups[i]!));
  const before = migrations.flatMap((m, i) => versionsOf(m, ups[i]!).slice(0, -1));
  const header = [
    `-- confiture: squashes ${squashes.join(" ")}`,
    ...(before.length === 0 ? [] : [`-- confiture: squashed-before ${before.join(" ")}`]),
    `-- confiture: squashed-checksum ${ups.at(-1)!.checksum}`,
    ...(ups.some((body) => body.directives.irreversible) ? ["-- confiture: irreversible"] : []),
  ];
  return {
    up: `${header.join("\n")}\n\n${await joined(migrations, ups)}`,
    down:
      stuck.length > 0
        ? { flaw: `there is none from ${stuck.map((m) => m.version).join(", ")}` }
        : await composeDown(migrations.toReversed()),
    enumValues: migrations.filter((_, i) => ups[i]!.addsEnumValue).map((m) => m.version),
  };
}

/** A way back that cannot be carried over keeps nobody from the way there. */
async function composeDown(migrations: readonly MigrationFile[]): Promise<SquashText["down"]> {
  try {
    return { text: await joined(migrations, await readAll(migrations, "down")) };
  } catch (error) {
    if (!(error instanceof ConfitureError) || error.code === "CONFIG_004") throw error;
    return { flaw: error.message };
  }
}

const versionsOf = ({ version }: MigrationFile, { directives }: MigrationBody): readonly string[] =>
  directives.squashes.length > 0 ? directives.squashes : [version];

async function readAll(
  migrations: readonly MigrationFile[],
  direction: "up" | "down",
): Promise<MigrationBody[]> {
  const bodies: MigrationBody[] = [];
  for (const migration of migrations) bodies.push(await readBody(migration, direction));
  return bodies;
}

async function joined(
  migrations: readonly MigrationFile[],
  bodies: readonly MigrationBody[],
): Promise<string> {
  const parts: string[] = [];
  for (const [i, body] of bodies.entries()) {
    refuseDirectives(migrations[i]!, body);
    const text = withoutDirectives(await carried(migrations[i]!, body)).trim();
    const after = i < bodies.length - 1 ? resets(body) : "";
    parts.push(`-- from ${basename(body.file)}\n${text}\n${after}`);
  }
  return parts.join("\n");
}

function refuseDirectives({ version }: MigrationFile, { file, directives }: MigrationBody): void {
  const asked = [
    ...(directives.requiresSuperuser ? ["requires-superuser"] : []),
    ...(directives.runAs === undefined ? [] : ["run-as"]),
    ...(directives.lockTimeoutMs === undefined ? [] : ["lock-timeout"]),
  ];
  if (asked.length === 0) return;
  throw new ConfitureError(
    "MIGR_114",
    `${version} has the directive ${asked.join(" and ")}, which holds for a whole file`,
    {
      migration: version,
      file,
    },
  );
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The file's text, without a transaction of its own and with what no transaction can hold in its plain form. */
async function carried(migration: MigrationFile, body: MigrationBody): Promise<string> {
  const { source, statements } = scriptOf(migration, body);
  const edits: Edit[] = [];
  if (body.unwrapped) {
    const all = (await parseScript(source, "MIGR_108")).statements;
    edits.push(removal(source.text, all.at(0)!), removal(source.text, all.at(-1)!));
  }
  for (const statement of statements.filter((s) => statementFacts(s).transactional === false))
    edits.push({ ...extent(statement), text: await plainText(migration, body.file, statement) });
  const last = statements.at(-1);
  if (last && last.copyData === undefined && !isTerminated(source.text, last)) {
    const { end } = extent(last);
    edits.push({ start: end, end, text: ";" });
  }
  return edits
    .toSorted((a, b) => b.start - a.start || b.end - a.end)
    .reduce((text, edit) => text.slice(0, edit.start) + edit.text + text.slice(edit.end), source.text);
}

function scriptOf({ version }: MigrationFile, { script, file }: MigrationBody): Script {
  if (script) return script;
  throw new ConfitureError("MIGR_114", `${version} is a module, whose work cannot be written down`, {
    migration: version,
    file,
  });
}

const extent = ({ start, text }: Statement) => ({ start, end: start + text.length });

const isTerminated = (text: string, statement: Statement): boolean =>
  text[skipBlank(text, extent(statement).end)] === ";";

/** A statement with its semicolon and, where nothing else stands there, its line. */
function removal(text: string, statement: Statement): Edit {
  const { start, end } = extent(statement);
  const semicolon = skipBlank(text, end);
  const after = text[semicolon] === ";" ? semicolon + 1 : end;
  const isLine = (start === 0 || text[start - 1] === "\n") && text[after] === "\n";
  return { start, end: isLine ? after + 1 : after, text: "" };
}

async function plainText({ version }: MigrationFile, file: string, statement: Statement): Promise<string> {
  const plain = await withoutConcurrently(statement);
  if (plain) return plain.text;
  throw new ConfitureError(
    "MIGR_114",
    `${beginningOf(statement, 60)} of ${version} cannot run in a transaction`,
    {
      migration: version,
      file,
      line: statement.position.line,
    },
  );
}

/** A migration's settings end with it; inside one they would reach the next part. */
function resets({ script }: MigrationBody): string {
  return resetsOf(script?.statements ?? [])
    .map((reset) => `${reset};\n`)
    .join("");
}
