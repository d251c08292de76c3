import * as z from "zod";
import { literal, sql } from "../../sql/tag.ts";
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
  text: z.string(),
  /** What it is when nothing is said, of an extension; not compared. */
  usual: z.string().nullable(),
});
type Comment = z.infer<typeof row>;

const set = (c: Comment, place: Place, text: string): string =>
  `comment on ${describedAddress(c, place)} is ${text}`;

const write = (c: Comment, place: Place): string => set(c, place, literal(c.text).trimStart());

/**
 * On anything that is an object. An extension's own comment comes with it, so that only another one counts; the
 * database's is not schema. The schema public comes with a comment of its own, which is a row like any other.
 */
export const comment: Kind<Comment> = defineKind({
  name: "comment",
  catalog: "pg_description",
  key: ["of", "column", "part"],
  label: (c) => `on ${describedLabel(c)}`,
  isRemark: true,
  row,
  query: () => sql`
    with available as materialized (select name, comment from pg_available_extensions),
    d as (
      select d.*, case when d.classoid = 'pg_extension'::regclass then (
        select array[o.comment] from pg_extension e join available o on o.name = e.extname where e.oid = d.objoid
        ) end as offered
      from pg_description d where d.objoid >= 16384 or d.classoid = 'pg_namespace'::regclass
    )
    select ${describedAs}, d.description as text, d.offered[1] as usual
    from d ${describedJoins}
    where d.classoid <> 'pg_extension'::regclass
      or d.offered is not null and d.description is distinct from d.offered[1]`,
  within: (c) => c.of,
  same: { usual: () => true, attached_to: () => true },
  needs: (c) => describedNeeds(c),
  needsNamed: (c) => describedNames(c),
  create: write,
  drop: (c, place) => set(c, place, c.usual === null ? "null" : literal(c.usual).trimStart()),
  alter: { text: (to, _from, place) => write(to, place) },
});
