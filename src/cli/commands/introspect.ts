import * as z from "zod";
import { ConfitureError } from "../../base/errors.ts";
import {
  type DatabaseDescription,
  describeDatabase,
  descriptionOutput,
} from "../../workflows/describe-database.ts";
import { defineCommand } from "../command.ts";
import { databaseFlags, resolveFlags, targetWithoutUrl, urlOf } from "../database.ts";

const options = z.object({
  ...databaseFlags,
  db: z.string().optional().describe("Same as --database-url"),
  schema: z
    .array(z.string())
    .optional()
    .describe("Schema whose tables are told; repeatable (default: public)"),
  allSchemas: z.boolean().optional().describe("Tables of every schema"),
  prefix: z.string().optional().describe("Only tables whose name begins so, e.g. tb_"),
  allTables: z.boolean().optional().describe("Tables of any name, which is the default"),
  hints: z.boolean().optional().describe("Say which columns look like surrogate and natural keys (default)"),
  noHints: z.boolean().optional().describe("Leave that out"),
});

export const command = defineCommand({
  path: "introspect",
  summary: "Say what a database holds: its tables, and under --format json or yaml every object",
  options,
  output: descriptionOutput,
  yaml: true,
  run: async (context, given) => {
    refuseContradictions(given);
    const databaseUrl = given.db ?? given.databaseUrl;
    const resolved = await resolveFlags(context, { ...given, databaseUrl }, { command: "reads" });
    const target = targetWithoutUrl(context, resolved, { migrationsDir: "db/migrations" });
    return describeDatabase(
      { ...target, url: (await urlOf(context, resolved))! },
      {
        schemas: given.allSchemas ? undefined : (given.schema ?? ["public"]),
        prefix: given.prefix ?? "",
        hints: !given.noHints,
      },
    );
  },
  text: (result) => [...result.tables.flatMap(tableLines), totals(result)].join("\n"),
  notes: ({ hints }) => hints.map((hint) => `hint: ${hint}`),
});

function refuseContradictions({
  db,
  databaseUrl,
  schema,
  allSchemas,
  prefix,
  allTables,
}: z.infer<typeof options>) {
  const refuse = (one: string, other: string) => {
    throw new ConfitureError("CONFIG_008", `${one} and ${other} exclude each other`);
  };
  if (db !== undefined && databaseUrl !== undefined) refuse("--db", "--database-url");
  if (schema !== undefined && allSchemas) refuse("--schema", "--all-schemas");
  if (prefix !== undefined && allTables) refuse("--prefix", "--all-tables");
}

function tableLines({ schema, name, columns, outbound_fks, hints }: DatabaseDescription["tables"][number]) {
  const width = Math.max(0, ...columns.map((column) => column.name.length));
  return [
    `${schema}.${name}`,
    ...columns.map((column) =>
      [
        `  ${column.name.padEnd(width)}  ${column.pg_type}`,
        column.nullable ? "" : " not null",
        column.is_primary_key ? ", primary key" : "",
        ...outbound_fks
          .filter(({ via_column }) => via_column === column.name)
          .map(({ to_schema, to_table, on_column }) => ` -> ${to_schema}.${to_table}.${on_column}`),
        hints?.natural_id === column.name ? ", natural id" : "",
      ].join(""),
    ),
  ];
}

const totals = ({ database, tables, objects }: DatabaseDescription): string =>
  `${tables.length} table(s) told of ${database}, which has ${Object.values(objects).flat().length} object(s)`;
