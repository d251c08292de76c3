import { type LikelyRename, likelyRenames } from "../diff/likely-renames.ts";
import type { Rename } from "../diff/renames.ts";
import type { LinkedSnapshot, Snapshot } from "../schema/snapshot.ts";

/** Says which of its names an object has now; null for none of them. */
export type AskName = (likely: LikelyRename) => Promise<string | null>;

/** What was declared, and what is said about each object that may have another name besides. */
export async function askedRenames(
  { from, to }: { readonly from: LinkedSnapshot; readonly to: Snapshot },
  declared: readonly Rename[],
  ask: AskName,
): Promise<Rename[]> {
  const known = [...declared];
  const asked = new Set<string>();
  for (;;) {
    const next = likelyRenames(from, to, known).find(({ object }) => !asked.has(object));
    if (!next) return known;
    asked.add(next.object);
    const name = await ask(next);
    if (name !== null) known.push({ kind: next.kind, path: next.path, name });
  }
}
