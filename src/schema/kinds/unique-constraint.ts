import { type Constraint, constraintKind } from "../constraint.ts";
import type { Kind } from "../kind.ts";

export const uniqueConstraint: Kind<Constraint> = constraintKind("unique-constraint", "u");
