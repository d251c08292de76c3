import * as z from "zod";
import { type Sql, sql } from "../sql/tag.ts";

/** When a trigger or a rule fires; `origin` is the default, and means unless the session is a replica's. */
export const enabledState = z.enum(["origin", "disabled", "replica", "always"]);
type EnabledState = z.infer<typeof enabledState>;

/** Reads tgenabled, ev_enabled or evtenabled. */
export const enabledIn = (column: string): Sql =>
  sql.raw(
    `case ${column} when 'D' then 'disabled' when 'R' then 'replica' when 'A' then 'always' when 'O' then 'origin' end`,
  );

/** The words of ALTER that bring it into a state. */
export const ENABLING: Readonly<Record<EnabledState, string>> = {
  origin: "enable",
  disabled: "disable",
  replica: "enable replica",
  always: "enable always",
};
