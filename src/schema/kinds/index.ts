import type { Kind } from "../kind.ts";
import { accessMethod } from "./access-method.ts";
import { aggregate } from "./aggregate.ts";
import { attachedIndex } from "./attached-index.ts";
import { baseType } from "./base-type.ts";
import { cast } from "./cast.ts";
import { checkConstraint } from "./check-constraint.ts";
import { clusteredOn } from "./clustered-on.ts";
import { column } from "./column.ts";
import { collation } from "./collation.ts";
import { columnOverride } from "./column-override.ts";
import { comment } from "./comment.ts";
import { compositeType } from "./composite-type.ts";
import { defaultKind } from "./default.ts";
import { conversion } from "./conversion.ts";
import { defaultPrivilege } from "./default-privilege.ts";
import { domain } from "./domain.ts";
import { enumType } from "./enum.ts";
import { eventTrigger } from "./event-trigger.ts";
import { exclusionConstraint } from "./exclusion-constraint.ts";
import { extension } from "./extension.ts";
import { foreignDataWrapper } from "./foreign-data-wrapper.ts";
import { foreignKey } from "./foreign-key.ts";
import { foreignTable } from "./foreign-table.ts";
import { func } from "./function.ts";
import { grant } from "./grant.ts";
import { identity } from "./identity.ts";
import { index } from "./index-kind.ts";
import { language } from "./language.ts";
import { materializedView } from "./materialized-view.ts";
import { memberGrant } from "./member-grant.ts";
import { notNull } from "./not-null.ts";
import { operator } from "./operator.ts";
import { operatorClass } from "./operator-class.ts";
import { operatorFamily } from "./operator-family.ts";
import { owner } from "./owner.ts";
import { policy } from "./policy.ts";
import { primaryKey } from "./primary-key.ts";
import { procedure } from "./procedure.ts";
import { publication } from "./publication.ts";
import { publicationTable } from "./publication-table.ts";
import { rangeType } from "./range-type.ts";
import { replicaIdentity } from "./replica-identity.ts";
import { rule } from "./rule.ts";
import { schema } from "./schema.ts";
import { securityLabel } from "./security-label.ts";
import { sequence } from "./sequence.ts";
import { shellType } from "./shell-type.ts";
import { server } from "./server.ts";
import { statistics } from "./statistics.ts";
import { subscription } from "./subscription.ts";
import { table } from "./table.ts";
import { textSearchConfiguration } from "./text-search-configuration.ts";
import { textSearchDictionary } from "./text-search-dictionary.ts";
import { textSearchParser } from "./text-search-parser.ts";
import { textSearchTemplate } from "./text-search-template.ts";
import { transform } from "./transform.ts";
import { trigger } from "./trigger.ts";
import { uniqueConstraint } from "./unique-constraint.ts";
import { userMapping } from "./user-mapping.ts";
import { view } from "./view.ts";

/** Every kind, in the order people read them: what others are made of first. */
// oxlint-disable-next-line typescript/no-explicit-any -- rows differ per kind
export const KINDS: readonly Kind<any>[] = [
  schema,
  extension,
  collation,
  shellType,
  baseType,
  language,
  accessMethod,
  enumType,
  domain,
  compositeType,
  rangeType,
  cast,
  sequence,
  table,
  column,
  identity,
  defaultKind,
  notNull,
  columnOverride,
  foreignDataWrapper,
  server,
  userMapping,
  foreignTable,
  primaryKey,
  uniqueConstraint,
  checkConstraint,
  exclusionConstraint,
  foreignKey,
  index,
  attachedIndex,
  replicaIdentity,
  clusteredOn,
  view,
  materializedView,
  func,
  procedure,
  aggregate,
  conversion,
  operator,
  operatorFamily,
  operatorClass,
  transform,
  textSearchParser,
  textSearchTemplate,
  textSearchDictionary,
  textSearchConfiguration,
  trigger,
  rule,
  policy,
  eventTrigger,
  statistics,
  publication,
  publicationTable,
  subscription,
  owner,
  grant,
  memberGrant,
  defaultPrivilege,
  comment,
  securityLabel,
];
