import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { type Issue, issueOf } from "../base/issue.ts";

/** Structured, and the same as text for clients that know no other. */
const resultOf = (value: object): CallToolResult => ({
  structuredContent: { ...value },
  content: [{ type: "text", text: JSON.stringify(value) }],
});

export const okResult = (value: unknown): CallToolResult => resultOf(value as object);

/** The error of the CLI's envelope, without values of rows. */
export const errorResult = (error: unknown): CallToolResult => ({
  ...resultOf(withoutValues(issueOf(error))),
  isError: true,
});

/** Where the server quotes rows: `Key (email)=(ann@example.org) already exists`, the line of a COPY, and their like. */
const ABOUT_ROWS: ReadonlySet<string> = new Set(["detail", "where", "internal_query"]);

function withoutValues({ message, details, ...issue }: Issue): Issue {
  const kept = Object.entries(details).filter(([key]) => !ABOUT_ROWS.has(key));
  return { ...issue, message: withoutQuoted(message), details: Object.fromEntries(kept) };
}

/** `invalid input syntax for type integer: "x"` and `value "x" is out of range` quote a value, other words names. */
export const withoutQuoted = (text: string): string => text.replaceAll(/(: |\bvalue )".*?"/gs, '$1"…"');
