import * as z from "zod";
import { defineOutput } from "../../base/output.ts";

/** A database that an agent has for itself until it is dropped or its time is over. */
export const sandboxSchema = z.object({
  name: z.string(),
  url: z
    .string()
    .describe("Good while the server runs; `sandbox url` starts it. Without the password of a named server"),
  intent: z.string().nullable(),
  agent: z.string().nullable(),
  from: z.string().describe("`schema`: the DDL files; else the database whose structure it has"),
  made_at: z.string().describe("ISO 8601, UTC"),
  expires_at: z.string().describe("ISO 8601, UTC; the next command that opens the server drops it then"),
});

export type Sandbox = z.infer<typeof sandboxSchema>;

export const createOutput = defineOutput("coordinate.sandbox.create", 1, sandboxSchema);

export const listOutput = defineOutput(
  "coordinate.sandbox.list",
  1,
  z.object({
    sandboxes: z
      .array(sandboxSchema.extend({ connections: z.int().describe("Sessions in it just now") }))
      .describe("Of all projects on this machine, or on the named server; oldest first on each server"),
    expired: z.array(z.string()).describe("Dropped just now, as their time was over"),
  }),
);

export const urlOutput = defineOutput(
  "coordinate.sandbox.url",
  1,
  sandboxSchema.pick({ name: true, url: true, expires_at: true }),
);

export const dropOutput = defineOutput(
  "coordinate.sandbox.drop",
  1,
  z.object({ dropped: z.array(z.string()) }),
);
