/** A node of libpg_query's tree: fields by name, absent when they hold their zero value. */
export type Node = Readonly<Record<string, unknown>>;

export const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The nodes of a list field. */
export const nodesOf = (value: unknown): readonly Node[] =>
  Array.isArray(value) ? value.filter(isNode) : [];

/** A field that is text, such as `relname`. */
export const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** The nodes of a list field that are of one kind, taken out of their wrappers. */
export const nodesOfKind = (value: unknown, kind: string): readonly Node[] =>
  nodesOf(value).flatMap((node): readonly Node[] => {
    const inner = unwrap(node, kind);
    return inner ? [inner] : [];
  });

/** What a node such as `{ DefElem: {…} }` wraps, if it is of that kind. */
export const unwrap = (value: unknown, kind: string): Node | undefined => {
  const inner = isNode(value) ? value[kind] : undefined;
  return isNode(inner) ? inner : undefined;
};

/** The `DefElem`s of an option list by name; the last of a name wins. */
export const optionsOf = (value: unknown): ReadonlyMap<string, Node> => {
  const elements = nodesOfKind(value, "DefElem");
  return new Map(elements.map((element) => [textOf(element["defname"]) ?? "", element]));
};

/** The parts of a name, whichever node carries them: a String, a list of them, a TypeName, a name with arguments. */
export function namePartsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(namePartsOf);
  if (!isNode(value)) return [];
  const { String: string, List: list, TypeName: type, ObjectWithArgs: named, sval } = value;
  if (sval !== undefined) return namePartsOf(sval);
  if (isNode(string)) return namePartsOf(string["sval"]);
  if (isNode(list)) return namePartsOf(list["items"]);
  if (isNode(type)) return namePartsOf(type["names"]);
  if (isNode(named)) return namePartsOf(named["objname"]);
  return [];
}
