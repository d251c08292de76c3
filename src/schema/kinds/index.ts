import type { Kind } from "../kind.ts";
import { aggregate } from "./aggregate.ts";
import { checkConstraint } from "./check-constraint.ts";
import { clusteredOn } from "./clustered-on.ts";
import { column } from "./column.ts";
import { columnOverride } from "./column-override.ts";
import { comment } from "./comment.ts";
import { compositeType } from "./composite-type.ts";
import { defaultKind } from "./default.ts";
import { defaultPrivilege } from "./default-privilege.ts";
import { domain } from "./domain.ts";
import { enumType } from "./enum.ts";
import { eventTrigger } from "./event-trigger.ts";
import { exclusionConstraint } from "./exclusion-constraint.ts";
import { extension } from "./extension.ts";
import { foreignKey } from "./foreign-key.ts";
import { func } from "./function.ts";
import { grant } from "./grant.ts";
import { identity } from "./identity.ts";
import { index } from "./index-kind.ts";
import { materializedView } from "./materialized-view.ts";
import { notNull } from "./not-null.ts";
import { owner } from "./owner.ts";
import { policy } from "./policy.ts";
import { primaryKey } from "./primary-key.ts";
import { procedure } from "./procedure.ts";
import { publication } from "./publication.ts";
import { rangeType } from "./range-type.ts";
import { replicaIdentity } from "./replica-identity.ts";
import { rule } from "./rule.ts";
import { schema } from "./schema.ts";
import { sequence } from "./sequence.ts";
import { statistics } from "./statistics.ts";
import { table } from "./table.ts";
import { trigger } from "./trigger.ts";
import { uniqueConstraint } from "./unique-constraint.ts";
import { unmodelled } from "./unmodelled.ts";
import { view } from "./view.ts";

/** Every kind, in the order people read them: what others are made of first. */
// oxlint-disable-next-line typescript/no-explicit-any -- rows differ per kind
export const KINDS: readonly Kind<any>[] = [
  schema,
  extension,
  enumType,
  domain,
  compositeType,
  rangeType,
  sequence,
  table,
  column,
  identity,
  defaultKind,
  notNull,
  columnOverride,
  primaryKey,
  uniqueConstraint,
  checkConstraint,
  exclusionConstraint,
  foreignKey,
  index,
  replicaIdentity,
  clusteredOn,
  view,
  materializedView,
  func,
  procedure,
  aggregate,
  trigger,
  rule,
  policy,
  eventTrigger,
  statistics,
  publication,
  unmodelled,
  owner,
  grant,
  defaultPrivilege,
  comment,
];
