import { isIPv4, isIPv6 } from "node:net";

/** An address of IPv4 or IPv6, and the bits of its network where they are written. */
export interface NetworkAddress {
  readonly bytes: readonly number[];
  readonly mask: number | null;
}

/** Null for text that is no address, as PostgreSQL reads them but for IPv4 with less than four parts. */
export function parseAddress(text: string): NetworkAddress | null {
  const [, address = "", bits] = /^([0-9a-f.:]+)(?:\/(0|[1-9]\d{0,2}))?$/i.exec(text) ?? [];
  const mask = bits === undefined ? null : Number(bits);
  if (isIPv4(address) && (mask ?? 0) <= 32) return { bytes: address.split(".").map(Number), mask };
  if (isIPv6(address) && (mask ?? 0) <= 128) return { bytes: parseGroups(address), mask };
  return null;
}

function parseGroups(address: string): number[] {
  const bytesOf = (part: string): number[] =>
    part.split(":").flatMap((group) => {
      if (group === "") return [];
      if (group.includes(".")) return group.split(".").map(Number);
      const value = Number.parseInt(group, 16);
      return [value >> 8, value & 255];
    });
  const [before = "", after = ""] = address.split("::");
  const [first, last] = [bytesOf(before), bytesOf(after)];
  return [...first, ...Array.from({ length: 16 - first.length - last.length }, () => 0), ...last];
}

/** As PostgreSQL writes it, but that an IPv4 address inside an IPv6 one has hexadecimal digits too (RFC 5952). */
export function writeAddress({ bytes, mask }: NetworkAddress): string {
  const suffix = mask === null ? "" : `/${mask}`;
  if (bytes.length === 4) return bytes.join(".") + suffix;
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i]! << 8) | bytes[2 * i + 1]!).toString(16));
  const zeros = [...groups.join(":").matchAll(/(?<![^:])0(?::0)+(?![^:])/g)];
  const longest = zeros.reduce((best, [run]) => (run.length > best.length ? run : best), "");
  const text = groups.join(":");
  if (longest === "") return text + suffix;
  const at = zeros.find(([run]) => run === longest)!.index;
  const [before, after] = [text.slice(0, at), text.slice(at + longest.length)];
  return `${before.replace(/:$/, "")}::${after.replace(/^:/, "")}${suffix}`;
}

/** The bits of a stretch of an address as digits, byte by byte. */
export function bitsOf(bytes: readonly number[], from: number, to: number) {
  const parts = spans(from, to);
  return {
    digits: parts.map(({ byte, shift, radix }) => (bytes[byte]! >> shift) % radix),
    radices: parts.map(({ radix }) => radix),
  };
}

/** The address with other bits in a stretch. */
export function withBits(
  bytes: readonly number[],
  from: number,
  to: number,
  digits: readonly number[],
): number[] {
  const changed = [...bytes];
  spans(from, to).forEach(({ byte, shift, radix }, i) => {
    const old = (changed[byte]! >> shift) % radix;
    changed[byte]! += (digits[i]! - old) << shift;
  });
  return changed;
}

/** What a stretch of bits has of each byte. */
function spans(from: number, to: number) {
  const found: { byte: number; shift: number; radix: number }[] = [];
  for (let at = from; at < to;) {
    const end = Math.min(to, (at & ~7) + 8);
    found.push({ byte: at >> 3, shift: (8 - (end & 7)) & 7, radix: 1 << (end - at) });
    at = end;
  }
  return found;
}
