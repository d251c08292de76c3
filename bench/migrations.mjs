// Small migrations as a real history has them: a table, an index, a column, a row.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const KINDS = [
  (n) => [`create table t${n} (id bigint primary key, name text not null);`, `drop table t${n};`],
  (n) => [`create index t${n - 1}_name on t${n - 1} (name);`, `drop index t${n - 1}_name;`],
  (n) => [`alter table t${n - 2} add column note text;`, `alter table t${n - 2} drop column note;`],
  (n) => [`insert into t${n - 3} values (1, 'one');`, `delete from t${n - 3};`],
];

/** The same `count` migrations for us (ours/) and for dbmate (dbmate/). */
export function writeMigrations(dir, count) {
  const [ours, dbmate] = [join(dir, "ours"), join(dir, "dbmate")];
  for (const folder of [ours, dbmate]) mkdirSync(folder, { recursive: true });
  for (let n = 0; n < count; n++) {
    const [up, down] = KINDS[n % KINDS.length](n);
    const stem = `${String(20_260_101_000_000 + n)}_step_${n}`;
    writeFileSync(join(ours, `${stem}.up.sql`), `${up}\n`);
    writeFileSync(join(ours, `${stem}.down.sql`), `${down}\n`);
    writeFileSync(join(dbmate, `${stem}.sql`), `-- migrate:up\n${up}\n\n-- migrate:down\n${down}\n`);
  }
  return { ours, dbmate };
}
