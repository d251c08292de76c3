import { branches, type KeySchema } from "./key-schema.ts";

/** More to say of a key. */
type Note = (key: string) => string;

/** A table in Markdown of all keys that a mapping may have, and those of the mappings inside. */
export const keyTable = (schema: KeySchema, note: Note = () => ""): string =>
  `| Key | Type | Default | Meaning |\n|---|---|---|---|\n${childRows(schema, "", note).join("")}`;

function childRows(schema: KeySchema, key: string, note: Note): string[] {
  return branches(schema).flatMap((branch) => {
    const { properties = {}, items, additionalProperties: more } = branch;
    const named = Object.entries(properties).flatMap(([name, child]) => {
      const path = key === "" ? name : `${key}.${name}`;
      return [
        row(path, child, branch.required?.includes(name) ?? false, note),
        ...childRows(child, path, note),
      ];
    });
    const listed = items === undefined ? [] : childRows(items, `${key}[]`, note);
    const free = typeof more === "object" ? childRows(more, `${key}.<name>`, note) : [];
    return [...named, ...listed, ...free];
  });
}

function row(key: string, schema: KeySchema, required: boolean, note: Note): string {
  const meaning = `${schema.description ?? ""} ${note(key)}`.trim();
  const cells = [`\`${key}\``, typeOf(schema), required ? "*required*" : defaultOf(schema), meaning];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`;
}

const NAMES: Readonly<Record<string, string>> = {
  array: "list",
  boolean: "boolean",
  integer: "integer",
  number: "number",
  object: "mapping",
  string: "text",
};

function typeOf(schema: KeySchema): string {
  const types = branches(schema)
    .filter((branch) => branch.type !== "null")
    .map((branch) => {
      const words = branch.enum ?? (branch.const === undefined ? undefined : [branch.const]);
      if (words !== undefined) return words.map((word) => `\`${String(word)}\``).join(", ");
      if (branch.type === "array" && branch.items !== undefined) return `list of ${typeOf(branch.items)}`;
      const names = [branch.type].flat().filter((type) => type !== undefined && type !== "null");
      return names.map((name) => NAMES[name!]).join(" or ") || "any";
    });
  return [...new Set(types)].join(" or ");
}

function defaultOf({ default: value }: KeySchema): string {
  const isBare = value === undefined || value === "" || (typeof value === "object" && isEmpty(value));
  return isBare ? "" : `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}

const isEmpty = (value: object | null) => value === null || Object.keys(value).length === 0;
