import type { Kind, Members } from "../schema/kind.ts";
import { KINDS } from "../schema/kinds/index.ts";
import type { Row, Snapshot } from "../schema/snapshot.ts";
import { ident } from "../sql/tag.ts";

interface MemberRow extends Row {
  readonly schema: string;
  readonly whole: string;
  readonly name: string;
  readonly shape: unknown;
  /** Of the object that it is in. */
  readonly holder: Row;
}

/** Members of a kind as if they were objects: a kind that can be renamed, and nothing else. */
function memberKind(kind: Kind<Row>, members: Members<Row>): Kind<Row> {
  const holderOf = ({ holder, schema, whole }: MemberRow): Row => ({ ...holder, schema, name: whole });
  const memberOf: Partial<Kind<MemberRow>> = {
    key: ["schema", "whole", "name"],
    label: ({ schema, whole, name }) => ident(schema, whole, name),
    within: ({ holder }) => `${kind.name} ${kind.label(holder)}`,
    same: { holder: () => true },
    holdsRows: () => true,
    rename: (row, name) => members.rename(holderOf(row), row.name, name),
  };
  return { ...kind, ...(memberOf as Partial<Kind<Row>>), name: members.name, catalog: members.catalog };
}

const MEMBERS = new Map(
  (KINDS as readonly Kind<Row>[]).flatMap((kind) =>
    kind.members ? [[memberKind(kind, kind.members), { kind, members: kind.members }] as const] : [],
  ),
);

/** What can have another name and stay what it is: objects, and members of objects. */
export const RENAMABLE: readonly Kind<Row>[] = [
  ...(KINDS as readonly Kind<Row>[]).filter((kind) => kind.rename !== undefined),
  ...MEMBERS.keys(),
];

/** All of a kind; of members, as they stand in the rows of their objects. */
export function rowsOf({ objects }: Snapshot, kind: Kind<Row>): readonly Row[] {
  const found = MEMBERS.get(kind);
  if (!found) return objects[kind.name] ?? [];
  return (objects[found.kind.name] ?? []).flatMap((holder) =>
    found.members.of(holder).map(({ name, shape }): MemberRow => {
      const [schema, whole] = found.kind.key.map((part) => String(holder[part])) as [string, string];
      return { schema, whole, name, shape, holder };
    }),
  );
}
