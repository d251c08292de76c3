import type { Change } from "../diff/change.ts";

/** Changes that count, and how many objects were left out. */
export interface Sifted {
  readonly changes: readonly Change[];
  readonly ignored: number;
}

/**
 * Leave out the changes whose kind and name a pattern matches, and all that comes with them. In a pattern `*` stands
 * for any text and `?` for one character; everything else is meant as it is.
 */
export function ignoreChanges(changes: readonly Change[], patterns: readonly string[]): Sifted {
  const isMeant = matcher(patterns);
  const byId = new Map(changes.map((change) => [change.op + idOf(change), change]));
  const isIgnored = (change: Change): boolean => {
    const above = change.within === null ? undefined : byId.get(change.op + change.within);
    return above === undefined ? isMeant(idOf(change)) : isIgnored(above);
  };
  const kept = changes.filter((change) => !isIgnored(change));
  const isOwn = ({ within }: Change) => within === null;
  return { changes: kept, ignored: changes.filter(isOwn).length - kept.filter(isOwn).length };
}

const idOf = ({ kind, object }: Change): string => `${kind} ${object}`;

const SPECIAL: Readonly<Record<string, string>> = { "*": ".*", "?": "." };

/** Tells whether one of the patterns means a text. */
export function matcher(patterns: readonly string[]): (text: string) => boolean {
  const forms = patterns.map((pattern) => {
    const source = pattern.replaceAll(/[.*+?^${}()|[\]\\]/g, (sign) => SPECIAL[sign] ?? `\\${sign}`);
    return new RegExp(`^${source}$`, "su");
  });
  return (text) => forms.some((form) => form.test(text));
}
