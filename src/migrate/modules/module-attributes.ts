import * as z from "zod";
import { dotted, type Path } from "../../base/key-path.ts";
import { editDistance, nearest } from "../../base/nearest.ts";
import type { MigrationClient } from "./migration-client.ts";

const body = z.custom<(db: MigrationClient) => unknown>(
  (value) => typeof value === "function",
  "must be a function",
);

/** What a module may say of its migration; preconditions are read by those who know them. */
const attributesSchema = z.object({
  version: z.string().optional(),
  name: z.string().optional(),
  transactional: z.boolean().default(true),
  requiresSuperuser: z.boolean().default(false),
  irreversible: z.boolean().default(false),
  runAs: z.string().min(1).optional(),
  lockTimeoutMs: z.int().min(0).max(2_147_483_647).optional(),
  upPreconditions: z.unknown(),
  downPreconditions: z.unknown(),
  up: body,
  down: body.optional(),
});

export type Attributes = z.infer<typeof attributesSchema>;

const NAMES = Object.keys(attributesSchema.shape) as readonly (keyof Attributes)[];

/** Where attributes stand in a module, and what else stands there. */
interface Holder {
  readonly keys: readonly string[];
  readonly read: (name: string) => unknown;
  /** Whether anything beside attributes is wrong, and not only what looks like one. */
  readonly isClosed: boolean;
}

/** The attributes of a loaded module; what is wrong with them goes to `problems`, and gives nothing. */
export function attributesOf(
  exports: Readonly<Record<string, unknown>>,
  problems: string[],
): Attributes | undefined {
  const holder = holderOf(exports, problems);
  if (holder === undefined) return undefined;
  problems.push(...holder.keys.flatMap((key) => strangeKey(key, holder.isClosed)));
  const values = Object.fromEntries(NAMES.map((name) => [name, holder.read(name)]));
  const parsed = attributesSchema.safeParse(values);
  if (parsed.success) return parsed.data;
  problems.push(
    ...parsed.error.issues.map(({ path, message }) =>
      values[String(path[0])] === undefined
        ? `there is no ${String(path[0])}()`
        : `${dotted(path as Path)}: ${message}`,
    ),
  );
  return undefined;
}

function holderOf(exports: Readonly<Record<string, unknown>>, problems: string[]): Holder | undefined {
  // What CommonJS exports is there as a whole and by name.
  const named = Object.keys(exports).filter((key) => key !== "default" && key !== "module.exports");
  if (!("default" in exports)) return { keys: named, read: (name) => exports[name], isClosed: false };
  const whole = exports["default"];
  if ((typeof whole !== "object" && typeof whole !== "function") || whole === null) {
    problems.push("the default export must be an object or a class");
    return undefined;
  }
  const twice = named.filter((key) => isAttribute(key) && exports[key] !== Reflect.get(whole, key));
  if (twice.length > 0) problems.push(`${twice.join(", ")} stand beside a default export`);
  if (typeof whole === "function") return classHolder(whole, problems);
  const isPlain = [Object.prototype, null].includes(Object.getPrototypeOf(whole));
  return { keys: keysOf(whole), read: (name) => boundTo(whole, name), isClosed: isPlain };
}

function classHolder(made: object, problems: string[]): Holder | undefined {
  try {
    const instance: object = Reflect.construct(made as new () => object, []);
    const own = keysOf(instance);
    const statics = staticKeysOf(made);
    return {
      keys: [...own, ...statics],
      read: (name) =>
        own.includes(name) || !statics.includes(name) ? boundTo(instance, name) : boundTo(made, name),
      isClosed: false,
    };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    problems.push(`the default export cannot be made with \`new\`, without arguments: ${why}`);
    return undefined;
  }
}

/** Own and inherited names, without those that every object has. */
function keysOf(object: object): string[] {
  const keys: string[] = [];
  for (
    let at: object | null = object;
    at !== null && at !== Object.prototype;
    at = Object.getPrototypeOf(at)
  ) {
    keys.push(...Object.getOwnPropertyNames(at).filter((key) => key !== "constructor"));
  }
  return keys;
}

/** Names of a class and of those it extends; every function has a `name`, but only a declared one is enumerable. */
function staticKeysOf(made: object): string[] {
  const keys: string[] = [];
  for (
    let at: object | null = made;
    at !== null && at !== Function.prototype;
    at = Object.getPrototypeOf(at)
  ) {
    const owner = at;
    const isDeclared = (key: string) =>
      key !== "length" &&
      key !== "prototype" &&
      (key !== "name" || Object.prototype.propertyIsEnumerable.call(owner, key));
    keys.push(...Object.getOwnPropertyNames(owner).filter(isDeclared));
  }
  return keys;
}

/** A value, or a function that keeps its `this`. */
function boundTo(owner: object, name: string): unknown {
  if (!(name in owner)) return undefined;
  const value: unknown = Reflect.get(owner, name);
  return typeof value === "function" ? value.bind(owner) : value;
}

const isAttribute = (key: string): boolean => (NAMES as readonly string[]).includes(key);

const folded = (key: string): string => key.replaceAll("_", "").toLowerCase();

/** Whether a word is likely to be meant as another: swapped letters, or up to two wrong ones, in short words one. */
function resembles(word: string, meant: string): boolean {
  if (meant.length < 3) return word === meant;
  const letters = (of: string) => of.split("").toSorted().join("");
  return editDistance(word, meant) <= (meant.length < 6 ? 1 : 2) || letters(word) === letters(meant);
}

/** The attribute that a key is a misspelling of. */
const meantBy = (key: string): string | undefined =>
  NAMES.find((name) => resembles(folded(key), folded(name)));

function strangeKey(key: string, isClosed: boolean): string[] {
  if (isAttribute(key)) return [];
  const meant = meantBy(key) ?? (isClosed ? nearest(key, NAMES) : undefined);
  if (meant !== undefined) return [`${key} is no attribute of a migration; did you mean ${meant}?`];
  return isClosed ? [`${key} is no attribute of a migration; there are ${NAMES.join(", ")}`] : [];
}
