import * as z from "zod";
import { literal, sql } from "../../sql/tag.ts";
import {
  described,
  describedAddress,
  describedAs,
  describedJoins,
  describedLabel,
  describedNeeds,
} from "../described.ts";
import { defineKind, type Kind } from "../kind.ts";
import type { Place } from "../statement.ts";

const row = described.extend({ text: z.string() });
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
  row,
  query: () => sql`
    with offered as materialized (select name, comment from pg_available_extensions)
    select ${describedAs}, d.description as text
    from pg_description d ${describedJoins}
    where (d.objoid >= 16384 or d.classoid = 'pg_namespace'::regclass)
      and (d.classoid <> 'pg_extension'::regclass or d.description <> (select o.comment from offered o
        join pg_extension e on e.extname = o.name where e.oid = d.objoid))`,
  within: (c) => c.of,
  needs: (c) => describedNeeds(c),
  create: write,
  drop: (c, place) => set(c, place, "null"),
  alter: { text: (to, _from, place) => write(to, place) },
});
