import * as z from "zod";

/** A migration as results list it. */
export const versionAndName = z.object({ version: z.string(), name: z.string() });
