import type { Row } from "../schema/snapshot.ts";

const MAX_NAME = 63;

/** Name of what makes way for another of its name, until it is dropped or has its new one. */
export const oldName = (name: string): string => `confiture_old_${name}`.slice(0, MAX_NAME);

/** The object under that name. */
export const renamedAway = (row: Row): Row => ({ ...row, name: oldName(String(row["name"])) });
