import { sha256 } from "../base/hash.ts";

const MAX_BYTES = 63;

/** Name of what makes way for another of its name, until it is dropped or has its new one. */
export const oldName = (name: string): string => prefixed("confiture_old_", name);

/** The object under that name. */
export const renamedAway = <Row extends Readonly<Record<string, unknown>>>(row: Row): Row => ({
  ...row,
  name: oldName(String(row["name"])),
});

/** Name of what is made beside another whose name it takes. */
export const newName = (name: string): string => prefixed("confiture_new_", name);

/** PostgreSQL would cut off the end of a longer name, which may be all that makes it differ from others. */
function prefixed(prefix: string, name: string): string {
  const whole = prefix + name;
  return Buffer.byteLength(whole) <= MAX_BYTES
    ? whole
    : prefix + sha256(name).slice(0, MAX_BYTES - prefix.length);
}
