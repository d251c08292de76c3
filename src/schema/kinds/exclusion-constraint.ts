import { type Constraint, constraintKind } from "../constraint.ts";
import type { Kind } from "../kind.ts";

export const exclusionConstraint: Kind<Constraint> = constraintKind("exclusion-constraint", "x");
