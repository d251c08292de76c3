import { ident } from "../../sql/tag.ts";
import type { DriftItem } from "../drift-items.ts";
import type { Relation } from "./check-access.ts";
import { accessKind, isMeant, nameOf } from "./meant.ts";

/** The role that must own relations of some schemas. */
export interface OwnerExpectation {
  readonly expected_owner: string;
  readonly apply_to: readonly {
    readonly schema: string;
    readonly relkinds: readonly Relation["relkind"][];
  }[];
  /** Globs on `schema.name`. */
  readonly ignore: readonly string[];
}

/** What another role owns. */
export function ownerItems(
  relations: readonly Relation[],
  { expected_owner, apply_to, ignore }: OwnerExpectation,
): { readonly items: DriftItem[]; readonly checked: Relation[]; readonly hints: string[] } {
  const checked = new Set<Relation>();
  const hints: string[] = [];
  for (const { schema, relkinds } of apply_to) {
    const meant = relations.filter(
      (one) =>
        one.schema === nameOf(schema) &&
        relkinds.includes(one.relkind) &&
        !isMeant(`${one.schema}.${one.name}`, ignore),
    );
    if (meant.length === 0) hints.push(`ownership: nothing of ${schema} is meant`);
    for (const one of meant) checked.add(one);
  }
  const expected = nameOf(expected_owner);
  const wrong = [...checked].filter(({ owner }) => owner !== expected);
  return { items: wrong.map((one) => wrongItem(one, expected)), checked: [...checked], hints };
}

function wrongItem({ id, owner }: Relation, expected: string): DriftItem {
  const { name, drift } = accessKind("owner");
  return {
    type: drift!.type!,
    severity: drift!.severity!,
    kind: name,
    object: `of ${id}`,
    part_of: id,
    attribute: "owner",
    expected,
    actual: owner,
    message: `${name} of ${id}: owner ${ident(expected)} -> ${ident(owner)}`,
    file: null,
  };
}
