import * as z from "zod";

const attributeChange = z.object({ name: z.string(), from: z.unknown(), to: z.unknown() });

/** One difference between two snapshots, as it stands in JSON outputs. */
export const changeSchema = z.object({
  /** Added, removed, changed. */
  op: z.enum(["+", "-", "~"]),
  kind: z.string(),
  object: z.string().describe("The object's name, e.g. public.users.email"),
  part_of: z
    .string()
    .nullable()
    .describe(
      "Kind and name of what it is a part of in the end, e.g. its table; null for what stands by itself",
    ),
  within: z
    .string()
    .nullable()
    .describe("Kind and name of the added or removed object that this change comes with"),
  attributes: z.array(attributeChange).describe("What changed in an object that both sides have"),
});

export type Change = Readonly<z.infer<typeof changeSchema>>;

const MAX_VALUE = 72;

/** One line per change; what comes with an added or removed object is counted behind it. */
export const changeText = (changes: readonly Change[]): string =>
  changeLines(changes)
    .map(({ sign, rest }) => sign + rest)
    .join("\n");

/** A change in one line. */
interface ChangeLine {
  readonly change: Change;
  /** What happened to what. */
  readonly sign: string;
  readonly rest: string;
}

export function changeLines(changes: readonly Change[]): ChangeLine[] {
  const along = countAlong(changes);
  return changes
    .filter(({ within }) => within === null)
    .map((change) => {
      const rest = `${bracketed(along.get(opIdOf(change)))}${attributesText(change)}`;
      return { change, sign: `${change.op} ${idOf(change)}`, rest };
    });
}

export const idOf = (change: Change): string => `${change.kind} ${change.object}`;
const opIdOf = (change: Change): string => change.op + idOf(change);

/** How many changes of each kind come with an object, directly or not. */
function countAlong(changes: readonly Change[]): Map<string, Map<string, number>> {
  const above = new Map(
    changes.map((change) => [opIdOf(change), change.within === null ? null : change.op + change.within]),
  );
  const along = new Map<string, Map<string, number>>();
  for (const change of changes) {
    let top = opIdOf(change);
    for (let next = above.get(top); next != null; next = above.get(top)) top = next;
    if (change.within === null) continue;
    const counts = along.get(top) ?? new Map<string, number>();
    along.set(top, counts.set(change.kind, (counts.get(change.kind) ?? 0) + 1));
  }
  return along;
}

function bracketed(counts: ReadonlyMap<string, number> | undefined): string {
  if (counts === undefined) return "";
  const parts = [...counts].map(([kind, count]) => (count === 1 ? kind : `${kind} × ${count}`));
  return ` (with ${parts.join(", ")})`;
}

function attributesText(change: Change): string {
  if (change.attributes.length === 0) return "";
  return `: ${change.attributes.map(({ name, from, to }) => `${name} ${differenceText(from, to)}`).join("; ")}`;
}

/** Of texts of several lines only the first line that differs is shown. */
function differenceText(from: unknown, to: unknown): string {
  const [was, is] = [valueText(from), valueText(to)];
  if (!was.includes("\n") && !is.includes("\n")) return cutAround(was, is);
  const [wasLines, isLines] = [was.split("\n"), is.split("\n")];
  const at = wasLines.findIndex((line, i) => line !== isLines[i]);
  const line = at < 0 ? wasLines.length : at;
  return `line ${line + 1} ${cutAround(wasLines[line]?.trim() ?? "(end)", isLines[line]?.trim() ?? "(end)")}`;
}

const valueText = (value: unknown): string => {
  if (value === null || value === undefined) return "none";
  return typeof value === "string" ? value : JSON.stringify(value);
};

/** Cuts two values so that the first character that differs stays visible. */
function cutAround(was: string, is: string): string {
  let same = 0;
  while (same < was.length && was[same] === is[same]) same++;
  const start = Math.max(was.length, is.length) <= MAX_VALUE ? 0 : Math.max(0, same - MAX_VALUE / 2);
  const cut = (text: string): string =>
    (start > 0 ? "…" : "") +
    text.slice(start, start + MAX_VALUE) +
    (text.length > start + MAX_VALUE ? "…" : "");
  return `${cut(was)} -> ${cut(is)}`;
}
