/** A key of a mapping, or a position in a list. */
export type Path = readonly (string | number)[];

/** `include_dirs[0].path` */
export const dotted = (path: Path): string =>
  path.reduce<string>((key, part) => {
    if (typeof part === "number") return `${key}[${part}]`;
    return key === "" ? part : `${key}.${part}`;
  }, "");
