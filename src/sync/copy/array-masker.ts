import { parse } from "postgres-array";
import { isSame, type Masker } from "../keyed/masker.ts";

/** An array as its parser gives it: elements as text, NULLs, and arrays in it. */
type Elements = readonly (string | null | Elements)[];

/** Masks each element of arrays, and leaves their dimensions and NULLs; an array whose elements all stay is given as it was. */
export const arrayMasker =
  (masker: Masker): Masker =>
  (values) => {
    const arrays = values.map((value) => parse(value) as unknown as Elements);
    const leaves = arrays.map(leavesOf);
    const masked = masker(leaves.flat());
    let next = 0;
    const areSame = (own: readonly string[]) =>
      own.every((value, i) => isSame(masker, value, masked[next + i]!));
    const print = (elements: Elements): string =>
      `{${elements.map((element) => (element === null ? "NULL" : typeof element === "string" ? quoted(masked[next++]!) : print(element))).join(",")}}`;
    return arrays.map((elements, i) => {
      if (!areSame(leaves[i]!)) return `${boundsOf(values[i]!)}${print(elements)}`;
      next += leaves[i]!.length;
      return values[i]!;
    });
  };

const leavesOf = (elements: Elements): string[] =>
  elements.flatMap((element) => {
    if (element === null) return [];
    return typeof element === "string" ? [element] : leavesOf(element);
  });

const quoted = (value: string | null): string =>
  value === null ? "NULL" : `"${value.replaceAll(/["\\]/g, (character) => `\\${character}`)}"`;

/** `[2:3]=` of an array that does not start at 1. */
const boundsOf = (array: string): string =>
  array.startsWith("[") ? array.slice(0, array.indexOf("=") + 1) : "";
