import { type Constraint, constraintKind } from "../constraint.ts";
import type { Kind } from "../kind.ts";

export const primaryKey: Kind<Constraint> = constraintKind("primary-key", "p");
