import * as z from "zod";
import { dsn, identifier, names } from "./environment-values.ts";

const TABLE_PRIVILEGES = [
  "SELECT",
  "INSERT",
  "UPDATE",
  "DELETE",
  "TRUNCATE",
  "REFERENCES",
  "TRIGGER",
] as const;

/** Privileges in any case, handed on in upper case. */
const privileges = (known: readonly [string, ...string[]]) =>
  z.array(z.string().toUpperCase().pipe(z.enum(known)));

const expectation = z.strictObject({
  schema: identifier.describe("The schema."),
  apply_to: z.union([z.literal("ALL_TABLES"), names]).describe("`ALL_TABLES`, or globs on table names."),
  ignore: names.default([]).describe("Globs on table names that are left out."),
  grants: z
    .array(
      z.strictObject({
        role: identifier.describe("Who."),
        privileges: privileges(TABLE_PRIVILEGES).describe(`Of ${TABLE_PRIVILEGES.join(", ")}.`),
      }),
    )
    .describe("What must be granted."),
});

/** Two shapes that mean the same; the list is the one with `lint_enabled: false`. */
export const acls = z.union([
  z.array(expectation),
  z.strictObject({
    lint_enabled: z.boolean().default(false).describe("Check the DDL files too, not only a database."),
    expectations: z.array(expectation).default([]).describe("As the list form."),
  }),
]);

export const ownership = z.strictObject({
  expected_owner: identifier.describe("The role that must own the objects."),
  apply_to: z
    .array(
      z.strictObject({
        schema: identifier.describe("The schema."),
        relkinds: z
          .array(z.enum(["r", "S", "v", "m"]))
          .default(["r", "S", "v", "m"])
          .describe("Tables `r`, sequences `S`, views `v`, materialized views `m`."),
      }),
    )
    .default([])
    .describe("Where to look."),
  ignore: names.default([]).describe("Globs on `schema.name` that are left out."),
  lint_enabled: z.boolean().default(true).describe("Check the DDL files too, not only a database."),
  bootstrap_connection_url: dsn.nullish().describe("A privileged connection for `bootstrap`."),
  default_privileges: z
    .record(identifier, z.record(identifier, privileges([...TABLE_PRIVILEGES, "EXECUTE", "USAGE"])))
    .default({})
    .describe("Default privileges, by schema and role."),
});

const scope = {
  enabled: z.boolean().default(false).describe("Turn the check on."),
  apply_to: names.default(["*"]).describe("Globs on schema names."),
  ignore: names.default([]).describe("Globs on `schema.name` that are left out."),
};

export const functionCoverage = z.strictObject(scope);

export const securityLint = z.strictObject({
  ...scope,
  severity: z.enum(["warning", "error"]).default("warning").describe("What a finding is."),
});
