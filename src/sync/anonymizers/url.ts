import * as z from "zod";
import { defineAnonymizer, TEXT_TYPES } from "../anonymizer.ts";
import { OPAQUE_LENGTH, opaqueDistinctness, requireRoom } from "../values/drawn-text.ts";

const options = z.strictObject({
  host: z.hostname().default("example.com").describe("The host of every URL that has one"),
});

/** Any other scheme may be a word that tells something. */
const SCHEME = /^(?:(?:https?|ftps?|sftp|wss?|s3|gs|git|ssh|file):)?\/\//i;

const LONGEST = "https://".length;

/** The length of a URL with this host and an opaque path. */
const lengthAt = (host: string): number => LONGEST + host.length + 1 + OPAQUE_LENGTH;

export const url = defineAnonymizer({
  name: "url",
  summary: "A URL at `example.com` with the same scheme and an opaque path",
  options,
  accepts: TEXT_TYPES,
  isKeyed: true,
  distinctness: ({ host }, column) => opaqueDistinctness(column, LONGEST + host.length + 1),
  prepare({ host }, column) {
    requireRoom(`a URL at ${host}`, lengthAt(host), column);
    return {
      mask(value, draw) {
        if (/^\/(?!\/)/.test(value)) return `/${draw.opaque()}`;
        const [scheme = ""] = SCHEME.exec(value) ?? [];
        return `${scheme.toLowerCase()}${host}/${draw.opaque()}`;
      },
    };
  },
  recognises: {
    name: /(?:^|_)(?:url|uri|website|web_?site|homepage|home_?page|link|avatar)$/,
    value: /^(?:https?|ftp):\/\/\S{3,2000}$/i,
  },
  example: {
    options: {},
    type: "text",
    values: [
      "https://ada.example.org/notes?page=7",
      "//cdn.example.org/ada.png",
      "/people/ada",
      "ada.example.org",
    ],
  },
});
