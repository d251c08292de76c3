import { mayGive } from "../column-masker.ts";
import { escapeField } from "../copy/copy-text.ts";
import { createSearch, type Needle } from "../leaks/needles.ts";
import { isTelling } from "../leaks/read-needles.ts";
import { parseRule } from "../rule.ts";
import { maskedColumn } from "../treatment.ts";
import type { Decision } from "./decide.ts";
import { ruleText } from "./fit.ts";
import { isMasked } from "./shared-domain.ts";
import { keyOf } from "./subjects.ts";

/** Say of columns that stay, or of which a part stays, where they hold values of masked ones: a sync stops at them. */
export async function tellHeldValues(decisions: readonly Decision[]): Promise<Decision[]> {
  const needles: Needle[] = [];
  for (const decision of decisions) needles.push(...(await needlesOf(decision)));
  const search = createSearch(needles);
  return decisions.map((decision) => {
    if ((isMasked(decision) && decision.inside === null) || decision.values.length === 0) return decision;
    const columns = new Set<string>();
    const rows = decision.values.map((value) => `${escapeField(value)}\n`).join("");
    search.scan(Buffer.from(rows), ({ from }) => columns.add(from));
    columns.delete(keyOf(decision.subject.home));
    if (columns.size === 0) return decision;
    const holdsValuesOf = [...columns].toSorted();
    const reason = `holds values of ${holdsValuesOf.join(", ")} as words, at which a sync stops`;
    return { ...decision, holdsValuesOf, reasons: [...decision.reasons, reason] };
  });
}

/** Values that a sync looks for in its copy. */
async function needlesOf(decision: Decision): Promise<Needle[]> {
  if (!isMasked(decision) || decision.inside !== null) return [];
  const { anonymizer, options, subject, values } = decision;
  const column = maskedColumn(
    subject.home.column,
    subject.members.map((member) => member.column),
  );
  const isPossible = await mayGive(parseRule(ruleText(anonymizer.name, options)), column);
  return values
    .filter((value) => isTelling(value) && !isPossible(value))
    .map((value) => ({ value, column: keyOf(subject.home) }));
}
