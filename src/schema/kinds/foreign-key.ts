import { type Constraint, constraintKind } from "../constraint.ts";
import type { Kind } from "../kind.ts";

export const foreignKey: Kind<Constraint> = constraintKind("foreign-key", "f");
