import * as z from "zod";
import { defineAnonymizer, type MaskedColumn, TEXT_TYPES } from "../anonymizer.ts";
import { cutTo, opaqueDistinctness, requireRoom } from "../values/drawn-text.ts";
import {
  bitsOf,
  type NetworkAddress,
  parseAddress,
  withBits,
  writeAddress,
} from "../values/network-address.ts";

const kept = (version: string, bits: number) =>
  z
    .int()
    .min(0)
    .max(bits - 1)
    .default(0)
    .describe(`Bits at the start of an ${version} address to keep; none of a network that has no others`);

const options = z.strictObject({
  keep_bits: kept("IPv4", 32),
  keep_bits_v6: kept("IPv6", 128),
});
type Options = z.infer<typeof options>;

const LENGTH = "255.255.255.255".length;
const LENGTH_V6 = 39;

/** From the first bit that may change to the last one: of a network, those of its hosts are zero and stay so. */
function stretchOf({ bytes, mask }: NetworkAddress, { type }: MaskedColumn, given: Options) {
  const isV4 = bytes.length === 4;
  const to = type === "cidr" ? (mask ?? bytes.length * 8) : bytes.length * 8;
  const kept = isV4 ? given.keep_bits : given.keep_bits_v6;
  return [kept < to ? kept : 0, to] as const;
}

/** The address that a value is; null where the column of text may have no room for another one. */
function readAddress(value: string, { maxLength }: MaskedColumn): NetworkAddress | null {
  const address = parseAddress(value);
  if (address === null || maxLength === null) return address;
  const length = address.bytes.length === 4 ? LENGTH : LENGTH_V6;
  const suffix = address.mask === null ? "" : `/${address.mask}`;
  return length + suffix.length <= maxLength ? address : null;
}

/** What other text becomes: an address of a private network. */
const PRIVATE = { address: { bytes: [10, 0, 0, 0], mask: null }, stretch: [8, 32] } as const;

export const ip = defineAnonymizer({
  name: "ip",
  aliases: ["ip_address"],
  summary: "Another IP address of the same version, the size of its network kept",
  options,
  accepts: ["inet", "cidr", ...TEXT_TYPES],
  isKeyed: true,
  distinctness: (_options, column) =>
    column.type === "inet" || column.type === "cidr" ? "bijection" : opaqueDistinctness(column),
  prepare(given, column) {
    requireRoom("an IP address", LENGTH, column);
    return {
      mask(value, draw) {
        const own = readAddress(value, column);
        const address = own ?? PRIVATE.address;
        const [from, to] = own === null ? PRIVATE.stretch : stretchOf(own, column, given);
        const digits = bitsOf(address.bytes, from, to).radices.map((radix) => draw.below(radix));
        return writeAddress({ ...address, bytes: withBits(address.bytes, from, to, digits) });
      },
      format: {
        split(value) {
          const address = readAddress(value, column);
          if (address === null) return null;
          const isText = column.type !== "inet" && column.type !== "cidr";
          if (isText && writeAddress(address) !== value) return null;
          return bitsOf(address.bytes, ...stretchOf(address, column, given));
        },
        join(digits, value) {
          const address = parseAddress(value)!;
          const [from, to] = stretchOf(address, column, given);
          return writeAddress({ ...address, bytes: withBits(address.bytes, from, to, digits) });
        },
        otherwise: (_value, draw) => cutTo(draw.opaque(), column),
      },
    };
  },
  recognises: {
    isIdentity: true,
    name: /(?:^|_)ip(?:_?(?:addr(?:ess)?|adresse)|_?v[46])?$|^(?:remote|client|host)_addr$|^adresse_ip$/,
    types: ["inet", "cidr"],
    possible: /^[\da-f.:/]{3,43}$/i,
    value:
      /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){7}|[0-9a-f:]{0,34}::[0-9a-f:]{0,34})$/i,
  },
  example: { options: {}, type: "inet", values: ["192.0.2.17", "192.0.2.0/24", "2001:db8::7"] },
});
