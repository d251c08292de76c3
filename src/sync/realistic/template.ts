import type { Draw } from "../keyed/draw.ts";

/** Slots one behind the other, each with the words that may stand there. */
export type Template = readonly (readonly string[])[];

const FIRST_DIGITS = "123456789".split("");
const DIGITS = "0123456789".split("");

/** Of a pattern such as `{{person.firstName}} ##`; null when there are no words for one of its places. */
export function parseTemplate(
  pattern: string,
  wordsAt: (place: string) => readonly string[],
): Template | null {
  const slots: (readonly string[])[] = [];
  let text = "";
  const flush = () => {
    if (text !== "") slots.push([text]);
    text = "";
  };
  for (const [token, place] of pattern.matchAll(/\{\{(.+?)\}\}|[^]/g)) {
    if (place !== undefined) {
      flush();
      slots.push(wordsAt(place));
    } else if (token === "#") {
      const isFirst = text !== "" || (slots.at(-1) !== FIRST_DIGITS && slots.at(-1) !== DIGITS);
      flush();
      slots.push(isFirst ? FIRST_DIGITS : DIGITS);
    } else text += token;
  }
  flush();
  return slots.some((words) => words.length === 0) ? null : slots;
}

/** With words so short that all of them together take no more room; null when there is none. */
export function fitTemplate(
  template: Template,
  room: number,
  sizeOf: (word: string) => number,
): Template | null {
  const sizes = template.map((words) => words.map(sizeOf));
  const least = sizes.map((slot) => Math.min(...slot));
  const spread = sizes.map((slot, i) => Math.max(...slot) - least[i]!);
  const left = room - sum(least);
  if (left < 0) return null;
  if (left >= sum(spread)) return template;
  const share = left / sum(spread);
  return template.map((words, i) =>
    words.filter((_, word) => sizes[i]![word]! <= least[i]! + spread[i]! * share),
  );
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

export function fillTemplate(template: Template, draw: Draw): string {
  let text = "";
  for (const words of template) text += draw.of(words);
  return text;
}

/** Whether a value is the template filled in. */
export function matcherOf(template: Template): (value: string) => boolean {
  const slots = template.map((words) => ({
    words: new Set(words),
    lengths: [...new Set(words.map(({ length }) => length))],
  }));
  const matches = (value: string, slot: number, at: number): boolean =>
    slots[slot] === undefined
      ? at === value.length
      : slots[slot].lengths.some(
          (length) =>
            slots[slot]!.words.has(value.slice(at, at + length)) && matches(value, slot + 1, at + length),
        );
  return (value) => matches(value, 0, 0);
}
