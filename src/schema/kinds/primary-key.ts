import { ident } from "../../sql/tag.ts";
import { type Constraint, constraintKind } from "../constraint.ts";
import type { Kind } from "../kind.ts";

export const primaryKey: Kind<Constraint> = {
  ...constraintKind("primary-key", "p"),
  needs: (k) => k.columns.map((column) => `not-null ${ident(k.schema, k.table, column)}`),
};
