import { type Constraint, constraintKind } from "../constraint.ts";
import type { Kind } from "../kind.ts";

/** Of tables and of domains. */
export const checkConstraint: Kind<Constraint> = constraintKind("check-constraint", "c");
