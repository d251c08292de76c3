import { ConfitureError } from "../base/errors.ts";
import { statementFacts } from "./facts.ts";
import { readNames } from "./name-path.ts";
import { type NamedPart, namedParts } from "./named-parts.ts";
import type { Node } from "./node.ts";
import { type ObjectName, relationParts } from "./object-name.ts";
import type { ObjectType } from "./object-types.ts";
import { parseScript } from "./parse-script.ts";
import { pointerAt, positionAt } from "./position.ts";
import type { Source, Statement } from "./script.ts";
import { isComment, isSpace, lineEnd, tokenEnd } from "./token.ts";

/** What a comment `-- confiture: renamed-from OLD` stands at. */
export interface RenamedFrom {
  readonly type: ObjectType | NamedPart["type"];
  readonly schema?: string | undefined;
  /** Of a part, that of its table first. */
  readonly names: readonly string[];
  readonly old: string;
  /** Says where the comment is. */
  readonly refuse: (why: string) => ConfitureError;
}

type Named = Pick<RenamedFrom, "type" | "schema" | "names">;

interface Comment {
  readonly start: number;
  readonly words: string;
  /** Nothing stands before it on its line. */
  readonly isAlone: boolean;
}

const DECLARATION = /^--\s*confiture:\s*renamed-from\b(.*)$/s;

/**
 * The old names that the comments of a file declare: each in the line above what it is about, or behind it. Throws
 * SCHEMA_200 to SCHEMA_207 as `parseScript`, DIFFER_410 for a comment that says no name, or stands at nothing.
 */
export async function renamedFrom(source: Source): Promise<RenamedFrom[]> {
  if (!source.text.includes("renamed-from")) return [];
  const { statements } = await parseScript(source, "SCHEMA_200");
  const found: RenamedFrom[] = [];
  for (const comment of commentsIn(source.text, statements)) {
    const words = DECLARATION.exec(comment.words)?.[1];
    if (words === undefined) continue;
    const refuse = (why: string) => refusal(source, comment.start, why);
    const names = await readNames(words);
    const old = names?.length === 1 && names[0]?.length === 1 ? names[0][0] : undefined;
    if (old === undefined) throw refuse("says no old name");
    const named = subjectAt(comment, statements);
    if (named === undefined) throw refuse("stands at nothing that has a name");
    found.push({ ...named, old, refuse });
  }
  return found;
}

const refusal = (source: Source, index: number, why: string): ConfitureError =>
  new ConfitureError("DIFFER_410", `The comment renamed-from ${why}`, {
    file: source.file,
    line: positionAt(source.text, index).line,
    pointer: pointerAt(source.text, index),
  });

/** Comments of one line outside of COPY data. */
function commentsIn(text: string, statements: readonly Statement[]): Comment[] {
  const comments: Comment[] = [];
  const data = statements.flatMap(({ start, copyData }) => {
    const from = copyData ? text.indexOf(copyData, start) : -1;
    return copyData && from !== -1 ? [{ from, to: from + copyData.length }] : [];
  });
  let isAlone = true;
  for (let at = 0; at < text.length;) {
    const skipped = data.find(({ from, to }) => at >= from && at < to);
    const end = skipped?.to ?? (isSpace(text.charCodeAt(at)) ? at + 1 : tokenEnd(text, at));
    if (end === -1) break;
    if (skipped || text[at] === "\n") isAlone = true;
    else if (isComment(text, at) && text[at] === "-")
      comments.push({ start: at, words: text.slice(at, lineEnd(text, at)), isAlone });
    else if (!isSpace(text.charCodeAt(at))) isAlone = false;
    at = end;
  }
  return comments;
}

/** What a comment alone on its line stands above; what any other stands behind. */
function subjectAt({ start, isAlone }: Comment, statements: readonly Statement[]): Named | undefined {
  const around = statements.find((one) => one.start < start && start < one.start + one.text.length);
  const parts = around ? namedParts(around) : [];
  if (around && parts.length > 0) {
    if (isAlone) return parts.find((part) => part.start > start);
    return parts.findLast((part) => part.start < start) ?? objectOf(around);
  }
  const statement =
    around ??
    (isAlone ? statements.find((one) => one.start > start) : statements.findLast((one) => one.start < start));
  return statement && objectOf(statement);
}

function objectOf(statement: Statement): Named | undefined {
  const [object] = statementFacts(statement).defines;
  if (object) return { type: object.type, schema: object.schema, names: namesOf(object, statement) };
  const parts = namedParts(statement);
  return parts.length === 1 ? parts[0] : undefined;
}

const OF_RELATION: ReadonlySet<string> = new Set(["policy", "rule", "trigger"]);

/** One of a relation is named behind that. */
function namesOf({ type, name }: ObjectName, { node }: Statement): readonly string[] {
  const { relation, table } = node as Node;
  const [, whole] = relationParts(relation ?? table);
  if (!OF_RELATION.has(type) || whole === undefined) return [name];
  return [whole, name.slice(whole.length + 1)];
}
