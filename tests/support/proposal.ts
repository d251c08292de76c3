import { type Proposal, proposeRules } from "../../src/sync/propose.ts";
import type { Selection } from "../../src/sync/selection.ts";

/** Rules for a database, besides those of a file's text. */
export const propose = (
  { url }: { readonly url: string },
  { existing = null, ...selection }: Selection & { readonly existing?: string | null } = {},
): Promise<Proposal> =>
  proposeRules({ url, name: "the source" }, selection, {
    file: "anonymization.yaml",
    existing,
    ours: ["tb_confiture"],
    connection: {},
  });

/** `anonymizer` or `anonymizer@domain` of each column that is replaced, and `-` of one that has another's rule. */
export function shortOf({ result }: Proposal): Record<string, string> {
  return Object.fromEntries(
    result.tables.flatMap(({ table, columns }) =>
      columns
        .filter(({ anonymizer }) => anonymizer !== "keep")
        .map(({ column, anonymizer, domain, origin }) => [
          `${table.replace("public.", "")}.${column}`,
          origin === "foreign key" ? "-" : `${anonymizer}${domain === null ? "" : `@${domain}`}`,
        ]),
    ),
  );
}
