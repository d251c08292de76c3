/** DDL of a schema of `tables` tables with 15 columns and 5 indexes each, a function each, and half as many views. */
export function largeSchema(tables) {
  const statements = [];
  for (let i = 0; i < tables; i++) {
    const columns = Array.from(
      { length: 12 },
      (_, c) => `c${c} ${c % 3 === 0 ? "text not null default ''" : "integer"}`,
    );
    const parent = i === 0 ? "" : ` references t${i - 1}`;
    statements.push(
      `create table t${i} (id bigint generated always as identity primary key, parent bigint${parent}, at timestamptz default now(), ${columns.join(", ")})`,
      ...[1, 2, 4, 5].map((c) => `create index t${i}_c${c} on t${i} (c${c})`),
      `create function f${i}(x integer) returns integer language sql immutable as 'select x + ${i}'`,
      ...(i % 2 === 0 ? [`create view v${i} as select id, c0, f${i}(c1) as f from t${i} where c2 > 0`] : []),
    );
  }
  return `${statements.join(";\n")};\n`;
}
