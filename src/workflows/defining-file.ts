import type { SchemaSource } from "../build/sources.ts";
import type { Change } from "../diff/change.ts";
import { KINDS } from "../schema/kinds/index.ts";
import type { Row, Snapshot } from "../schema/snapshot.ts";
import { statementFacts } from "../sql/facts.ts";
import { parseScript } from "../sql/parse-script.ts";
import { ident } from "../sql/tag.ts";

/**
 * Tells which DDL file makes the object of a change, or what that belongs to; null when none does, or several may.
 * A help for people, from the names in the files: a `search_path` that they set is not followed.
 */
export async function definingFiles(
  changes: readonly Change[],
  sources: readonly SchemaSource[],
  snapshots: readonly Snapshot[],
): Promise<(change: Change) => string | null> {
  const named = new Map(changes.map((change) => [change, namesOf(change, snapshots)]));
  const files = await filesByName(sources, new Set([...named.values()].flat().map(lastName)));
  return (change) => {
    for (const name of named.get(change) ?? []) {
      const found = new Set([...(files.get(name) ?? []), ...(files.get(`*.${lastName(name)}`) ?? [])]);
      if (found.size > 0) return found.size === 1 ? [...found][0]! : null;
    }
    return null;
  };
}

/** Names of the object and of all that it is within, without what stands behind a routine's name. */
function namesOf({ kind, object }: Change, snapshots: readonly Snapshot[]): string[] {
  const rows = rowsByKind(kind, snapshots);
  const definition = KINDS.find(({ name }) => name === kind);
  const row = rows.find((one) => definition?.label(one) === object);
  const parent = row && definition?.within?.(row);
  const name = object.replace(/\(.*$/s, "");
  if (parent == null) return [name];
  const of = KINDS.find((one) => parent.startsWith(`${one.name} `));
  if (of === undefined) return [name];
  return [name, ...namesOf({ kind: of.name, object: parent.slice(of.name.length + 1) } as Change, snapshots)];
}

const rowsByKind = (kind: string, snapshots: readonly Snapshot[]): Row[] =>
  snapshots.flatMap(({ objects }) => objects[kind] ?? []);

/** Behind the last dot that stands outside of quotes. */
const lastName = (name: string): string => /(?:"(?:[^"]|"")*"|[^."])*$/.exec(name)?.[0] ?? name;

const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(/[\p{L}\p{N}_$]+/gu) ?? [];

/** Files by the qualified names of what they make; `*.` stands for a schema that is not written. */
async function filesByName(
  sources: readonly SchemaSource[],
  wanted: ReadonlySet<string>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const files = new Map<string, string[]>();
  const words = [...wanted].map((name) => wordsOf(name)[0]);
  for (const source of sources) {
    const said = new Set(wordsOf(source.text));
    if (!words.some((word) => word === undefined || said.has(word))) continue;
    const { statements } = await parseScript(source, "SCHEMA_200");
    for (const { schema, name } of statements.flatMap((statement) => statementFacts(statement).defines)) {
      const key = schema === undefined ? `*.${ident(name)}` : ident(schema, name);
      files.set(key, [...(files.get(key) ?? []), source.file]);
    }
  }
  return files;
}
