type CamelKey<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelKey<Tail>>}`
  : S;

/** A JSON result with its keys in camelCase; what `details` holds stays as it is. */
export type CamelCased<T> = T extends readonly (infer Item)[]
  ? readonly CamelCased<Item>[]
  : T extends object
    ? {
        readonly [K in keyof T as K extends string ? CamelKey<K> : K]: K extends "details"
          ? T[K]
          : CamelCased<T[K]>;
      }
    : T;

const camel = (key: string) => key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The same result for TypeScript callers: `duration_ms` becomes `durationMs`, all the way down. */
export function camelCased<T>(result: T): CamelCased<T> {
  const convert = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(convert);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        camel(key),
        key === "details" ? (item as unknown) : convert(item),
      ]),
    );
  };
  return convert(result) as CamelCased<T>;
}
