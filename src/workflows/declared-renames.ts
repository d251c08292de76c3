import { ConfitureError } from "../base/errors.ts";
import { type Declared, followBack, pathsEnding } from "../diff/declared.ts";
import { RENAMABLE } from "../diff/members.ts";
import { inverted, type Rename } from "../diff/renames.ts";
import type { Snapshot } from "../schema/snapshot.ts";
import { readNames } from "../sql/name-path.ts";
import { type RenamedFrom, renamedFrom } from "../sql/renamed-from.ts";
import type { OpenSide } from "./sides/side.ts";

type Opened = Pick<OpenSide<Snapshot>, "snapshot" | "sources">;

/**
 * What keeps its rows under another name: as flags such as `column:t.old=new` say, and the comments
 * `-- confiture: renamed-from old` in the DDL files of either side. Throws DIFFER_410 for a flag that cannot be
 * followed; a comment that was followed already says nothing.
 */
export async function declaredRenames(
  { from, to }: { readonly from: Opened; readonly to: Opened },
  flags: readonly string[],
): Promise<Rename[]> {
  const flagged: Declared[] = [];
  for (const flag of flags) flagged.push(await readFlag(flag, from.snapshot));
  const [before, after] = [from.snapshot, to.snapshot];
  const back = inverted(followBack(await readComments(from), [], [after, before]));
  return followBack(await readComments(to), [...flagged, ...back], [before, after]);
}

async function readFlag(flag: string, from: Snapshot): Promise<Declared> {
  const refuse = (why: string) => new ConfitureError("DIFFER_410", `--rename ${flag}: ${why}`);
  const colon = flag.indexOf(":");
  const kind = RENAMABLE.find(({ name }) => name === flag.slice(0, colon));
  if (!kind) {
    const names = RENAMABLE.map(({ name }) => name).join(", ");
    throw refuse(`it begins with the kind of what is renamed and a colon; kinds are ${names}`);
  }
  const [old, name] = (await readNames(flag.slice(colon + 1))) ?? [];
  if (!old || name?.length !== 1) throw refuse("it is not of the form KIND:OLD=NEW");
  const paths = pathsEnding(from, kind, old);
  if (paths.length > 1)
    throw refuse(`there are ${paths.map((path) => path.join(".")).join(" and ")}; name the schema`);
  if (paths.length === 0) throw refuse(`there is no ${kind.name} ${old.join(".")} before the change`);
  return { kind, path: paths[0]!, name: name[0]!, refuse };
}

/** System catalogs of what a comment can stand at. */
const CATALOGS: Readonly<Partial<Record<RenamedFrom["type"], string>>> = {
  attribute: "pg_attribute",
  collation: "pg_collation",
  column: "pg_class",
  constraint: "pg_constraint",
  label: "pg_enum",
  policy: "pg_policy",
  relation: "pg_class",
  rule: "pg_rewrite",
  schema: "pg_namespace",
  statistics: "pg_statistic_ext",
  trigger: "pg_trigger",
  type: "pg_type",
};

async function readComments({ snapshot, sources = [] }: Opened): Promise<Rename[]> {
  const found: Rename[] = [];
  for (const source of sources)
    for (const comment of await renamedFrom(source)) found.push(resolveComment(comment, snapshot));
  return found;
}

/** Its path holds the new name, its name is the old one. */
function resolveComment({ type, schema, names, old, refuse }: RenamedFrom, side: Snapshot): Rename {
  const parts = schema === undefined ? names : [schema, ...names];
  const catalog = CATALOGS[type];
  const isPart = names.length === 2;
  const found = RENAMABLE.filter(
    (kind) => kind.catalog === catalog && (kind.key.length === 3) === isPart,
  ).flatMap((kind) => pathsEnding(side, kind, parts).map((path) => ({ kind, path, name: old })));
  if (found.length === 1) return found[0]!;
  if (found.length > 1) throw refuse(`is at a name of several schemas: write the schema in the statement`);
  throw refuse(`stands at ${type} ${parts.join(".")}, which cannot be renamed, or is not there in the end`);
}
