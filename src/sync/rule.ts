import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import type { Anonymizer } from "./anonymizer.ts";
import { ANONYMIZERS } from "./anonymizers/index.ts";
import type { RuleText } from "./rule-schema.ts";

/** A rule that was understood. */
export interface Rule {
  readonly anonymizer: Anonymizer;
  readonly options: object;
  /** The identity domain, where the rule names one. */
  readonly domain: string | undefined;
}

/** Throws ANON_1401 for an unknown anonymizer, ANON_1400 for options that it does not have. */
export function parseRule(rule: RuleText): Rule {
  const { anonymizer: name, domain, ...given } = typeof rule === "string" ? { anonymizer: rule } : rule;
  const anonymizer = anonymizerNamed(name);
  const parsed = anonymizer.options.safeParse(given);
  if (parsed.success) return { anonymizer, options: parsed.data, domain };
  throw new ConfitureError("ANON_1400", `options of ${anonymizer.name}: ${z.prettifyError(parsed.error)}`, {
    details: { issues: parsed.error.issues },
  });
}

/** Throws ANON_1401. */
export function anonymizerNamed(name: string): Anonymizer {
  const found = ANONYMIZERS.find((one) => one.name === name || one.aliases?.includes(name));
  if (found !== undefined) return found;
  const near = nearest(
    name,
    ANONYMIZERS.map((one) => one.name),
  );
  throw new ConfitureError(
    "ANON_1401",
    `there is no anonymizer ${name}${near === undefined ? "" : `; did you mean ${near}?`}`,
  );
}
