import { type Sql, sql } from "../sql/tag.ts";

/**
 * Whether an index of a partitioned table does not make those of the partitions: it is incomplete, or some of them
 * sort otherwise. Such an index is made by itself, and theirs are attached to it.
 */
export const standsApart = (index: string): Sql =>
  sql.raw(`exists (
    select from pg_partition_tree(${index}) tree join pg_index own on own.indexrelid = tree.relid
      left join pg_index above on above.indexrelid = tree.parentrelid
    where case when above.indexrelid is null then not own.indisvalid
      else own.indoption <> above.indoption or own.indclass <> above.indclass end)`);
