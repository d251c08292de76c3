import { ConfitureError } from "../../base/errors.ts";
import { type ObjectPath, readObject } from "./claimed-object.ts";

export const CLAIM_MODES = ["shared", "exclusive"] as const;
export type ClaimMode = (typeof CLAIM_MODES)[number];

/** An object that is to be claimed. */
export interface Wanted {
  readonly path: ObjectPath;
  readonly mode: ClaimMode;
}

export interface NamedObjects {
  /** As in `public.users`, `public.users.email`, `function public.f`, `schema app`. */
  readonly exclusive?: readonly string[] | undefined;
  readonly shared?: readonly string[] | undefined;
}

/** What somebody names. Throws COORD_1022. */
export async function readWanted({ exclusive = [], shared = [] }: NamedObjects): Promise<Wanted[]> {
  const read = async (names: readonly string[], mode: ClaimMode) =>
    Promise.all(names.map(async (name): Promise<Wanted> => ({ path: await readObject(name), mode })));
  return [...(await read(exclusive, "exclusive")), ...(await read(shared, "shared"))];
}

/** Each object once, in the stronger mode. Throws COORD_1022 where there is none. */
export function distinctly(wanted: readonly Wanted[]): Wanted[] {
  const found = new Map<string, Wanted>();
  for (const one of wanted) {
    const object = one.path.at(-1)!;
    if (found.get(object)?.mode !== "exclusive") found.set(object, one);
  }
  if (found.size > 0) return [...found.values()];
  throw new ConfitureError("COORD_1022", "the intent touches nothing that could be claimed", {
    actionable: "Name objects, e.g. `--exclusive public.users`.",
  });
}
