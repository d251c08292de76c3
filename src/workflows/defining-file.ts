import type { SchemaSource } from "../build/sources.ts";
import type { Change } from "../diff/change.ts";
import type { ObjectId } from "../schema/kind.ts";
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
  const parentOf = parentsIn(snapshots);
  const names = new Map(
    changes
      .filter(({ within }) => within === null)
      .map((change) => [change, namesOf(`${change.kind} ${change.object}`, parentOf)]),
  );
  const files = await filesByName(sources, new Set([...names.values()].flat()));
  return (change) => {
    for (const name of names.get(change) ?? []) {
      const found = new Set([...(files.get(name) ?? []), ...(files.get(withoutSchema(name)) ?? [])]);
      if (found.size > 0) return found.size === 1 ? [...found][0]! : null;
    }
    return null;
  };
}

/** What each object of the snapshots is within; all labels of a kind are made when the first one is asked for. */
function parentsIn(snapshots: readonly Snapshot[]): (id: ObjectId) => ObjectId | null {
  const byKind = new Map<string, Map<ObjectId, ObjectId | null>>();
  const read = (kind: (typeof KINDS)[number]) => {
    const rows: Row[] = snapshots.flatMap(({ objects }) => objects[kind.name] ?? []);
    return new Map(rows.map((row) => [`${kind.name} ${kind.label(row)}`, kind.within?.(row) ?? null]));
  };
  return (id) => {
    const kind = KINDS.find(({ name }) => id.startsWith(`${name} `));
    if (kind === undefined) return null;
    const known = byKind.get(kind.name) ?? read(kind);
    byKind.set(kind.name, known);
    return known.get(id) ?? null;
  };
}

/** Names of the object and of all that it is within, without the arguments of a routine. */
function namesOf(id: ObjectId, parentOf: (id: ObjectId) => ObjectId | null): string[] {
  const name = id.slice(id.indexOf(" ") + 1).replace(/\(.*$/s, "");
  const parent = parentOf(id);
  return parent === null ? [name] : [name, ...namesOf(parent, parentOf)];
}

const PART = String.raw`(?:"(?:[^"]|"")*"|[^."])+`;
const NAME = new RegExp(`^(?:${PART}\\.)?(${PART})$`);

/** `*.name` for a name with one schema, or none: parts of a relation are named after that. */
function withoutSchema(name: string): string {
  const [, last] = NAME.exec(name) ?? [];
  return `*.${last ?? name}`;
}

const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(/[\p{L}\p{N}_$]+/gu) ?? [];

/** Files by the qualified names of what they make; `*.` stands for a schema that is not written. */
async function filesByName(
  sources: readonly SchemaSource[],
  wanted: ReadonlySet<string>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const files = new Map<string, string[]>();
  const words = [...wanted].map((name) => wordsOf(withoutSchema(name))[0]);
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
