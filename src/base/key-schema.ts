/** The parts of a JSON Schema that tell which keys a mapping may have. */
export interface KeySchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, KeySchema>>;
  readonly required?: readonly string[];
  readonly items?: KeySchema;
  readonly anyOf?: readonly KeySchema[];
  readonly additionalProperties?: KeySchema | boolean;
}

/** The schema itself, or the branches of its union. */
export const branches = (schema: KeySchema): readonly KeySchema[] =>
  schema.anyOf?.flatMap(branches) ?? [schema];
