import type { Check } from "../check.ts";
import { duplicates } from "./duplicates.ts";
import { naming } from "./naming.ts";
import { orphans } from "./orphans.ts";

/** Every check of `migrate validate`. */
export const CHECKS: readonly Check[] = [duplicates, naming, orphans];
