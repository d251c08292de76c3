import type { Anonymizer } from "../anonymizer.ts";
import { email } from "./email.ts";
import { keep } from "./keep.ts";
import { nullAnonymizer } from "./null.ts";
import { phone } from "./phone.ts";

/** Every anonymizer, in the order of their names. */
// oxlint-disable-next-line typescript/no-explicit-any -- options differ per entry
export const ANONYMIZERS: readonly Anonymizer<any>[] = [email, keep, nullAnonymizer, phone];

/** What a column has that holds nothing personal. */
export const KEEP: (typeof ANONYMIZERS)[number] = keep;
