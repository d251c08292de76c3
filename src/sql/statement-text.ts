import type { Statement } from "./script.ts";

/** Kinds whose text may hold a password. */
const SECRET_KINDS: ReadonlySet<string> = new Set([
  "AlterForeignServerStmt",
  "AlterRoleStmt",
  "AlterSubscriptionStmt",
  "AlterSystemStmt",
  "AlterUserMappingStmt",
  "CreateForeignServerStmt",
  "CreateRoleStmt",
  "CreateSubscriptionStmt",
  "CreateUserMappingStmt",
]);

/** Whether a statement's text may hold a password, and so is never repeated whole. */
export const mayHoldSecret = (kind: string | undefined): boolean =>
  kind !== undefined && SECRET_KINDS.has(kind);

/** The first characters of a statement, for people and records; where a password may follow, up to the first literal. */
export function beginningOf({ kind, text }: Pick<Statement, "kind" | "text">, length: number): string {
  const shown = text.slice(0, length);
  if (!mayHoldSecret(kind)) return shown;
  const literal = shown.search(/['$]/);
  return literal === -1 ? shown : `${shown.slice(0, literal)}…`;
}
