import * as z from "zod";
import { ConfitureError } from "../../base/errors.ts";
import { defineAnonymizer, TEXT_TYPES } from "../anonymizer.ts";

const options = z.strictObject({
  host: z.hostname().default("example.com").describe("What stands behind the @"),
  keep_host: z.boolean().default(false).describe("Keep what stands behind the @; it may name a person"),
});

/** An opaque name of 20 characters, and the @. */
const LOCAL_PART = 21;

export const email = defineAnonymizer({
  name: "email",
  summary: "An address of 20 letters and digits at `example.com`",
  options,
  accepts: TEXT_TYPES,
  isKeyed: true,
  distinctness: () => "collision-free",
  prepare({ host, keep_host: keepHost }, { maxLength }) {
    const most = maxLength ?? Infinity;
    if (LOCAL_PART + host.length > most) {
      throw new ConfitureError(
        "ANON_1400",
        `an address at ${host} takes ${LOCAL_PART + host.length} characters, the column has ${most}`,
      );
    }
    return {
      mask(value, draw) {
        const at = keepHost ? value.lastIndexOf("@") : -1;
        const own = at < 0 ? host : value.slice(at + 1);
        return `${draw.opaque()}@${LOCAL_PART + own.length > most ? host : own}`;
      },
    };
  },
  recognises: {
    isIdentity: true,
    name: /e_?mail|courriel|correo/,
    value: /^[^\s@]+@[^\s@]+\.\p{L}{2,}$/u,
    possible: /@/,
  },
  example: { options: {}, type: "text", values: ["ada@lovelace.org", "Ada@lovelace.org"] },
});
