import * as z from "zod";
import { ident, literal, sql } from "../../sql/tag.ts";
import {
  described,
  describedAddress,
  describedAs,
  describedJoins,
  describedLabel,
  describedNames,
  describedNeeds,
} from "../described.ts";
import { defineKind, type Kind } from "../kind.ts";
import type { Place } from "../statement.ts";

const row = described.extend({
  /** Module that gives labels their meaning; it must be loaded where they are set. */
  provider: z.string(),
  text: z.string(),
});
type SecurityLabel = z.infer<typeof row>;

const set = (l: SecurityLabel, place: Place, text: string): string =>
  `security label for ${ident(l.provider)} on ${describedAddress(l, place)} is ${text}`;

const write = (l: SecurityLabel, place: Place): string => set(l, place, literal(l.text).trimStart());

/** Those of roles, tablespaces and databases are not schema. */
export const securityLabel: Kind<SecurityLabel> = defineKind({
  name: "security-label",
  catalog: "pg_seclabel",
  key: ["of", "column", "part", "provider"],
  label: (l) => `of ${ident(l.provider)} on ${describedLabel(l)}`,
  isRemark: true,
  row,
  query: () => sql`
    select ${describedAs}, d.provider, d.label as text
    from pg_seclabel d ${describedJoins}
    where d.objoid >= 16384 or d.classoid = 'pg_namespace'::regclass`,
  within: (l) => l.of,
  same: { attached_to: () => true },
  needs: (l) => describedNeeds(l),
  needsNamed: (l) => describedNames(l),
  create: write,
  drop: (l, place) => set(l, place, "null"),
  alter: { text: (to, _from, place) => write(to, place) },
});
