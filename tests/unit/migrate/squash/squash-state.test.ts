import { expect, test } from "vitest";
import {
  isSquashedChecksum,
  refuseTooOld,
  squashState,
} from "../../../../src/migrate/squash/squash-state.ts";

const SQUASH = { squashes: ["1", "2", "3"], squashedBefore: [], squashedChecksum: "old" };
const AGAIN = { squashes: ["1", "2", "3", "4"], squashedBefore: ["1", "2"], squashedChecksum: "four" };

const rows = (...applied: (readonly [string, string])[]) =>
  applied.map(([version, checksum]) => ({ version, checksum }));

test.each([
  ["nothing of it", [], SQUASH, "fresh"],
  ["only what came later by hand", [["9", "x"]], SQUASH, "fresh"],
  [
    "all that it replaces",
    [
      ["1", "a"],
      ["2", "b"],
      ["3", "old"],
      ["4", "x"],
    ],
    SQUASH,
    "carried-over",
  ],
  ["the squash itself", [["3", "new"]], SQUASH, "carried-over"],
  [
    "a part",
    [
      ["1", "a"],
      ["2", "b"],
    ],
    SQUASH,
    "too-old",
  ],
  [
    "the last, but one before it never ran",
    [
      ["1", "a"],
      ["3", "old"],
    ],
    SQUASH,
    "too-old",
  ],
  [
    "of a squash of a squash, the first squash and the rest",
    [
      ["3", "new"],
      ["4", "four"],
    ],
    AGAIN,
    "carried-over",
  ],
  [
    "of a squash of a squash, everything one by one",
    [
      ["1", "a"],
      ["2", "b"],
      ["3", "old"],
      ["4", "four"],
    ],
    AGAIN,
    "carried-over",
  ],
  ["of a squash of a squash, the first squash only", [["3", "new"]], AGAIN, "too-old"],
] as const)("%s", (_what, applied, squash, state) => {
  expect(squashState(rows(...applied), squash)).toBe(state);
});

test("a database that has run a part is refused, and told what it lacks", () => {
  const some = rows(["1", "a"], ["2", "b"]);
  expect(() => refuseTooOld(some, SQUASH)).toThrow(
    expect.objectContaining({
      code: "MIGR_112",
      exit: 3,
      message: "this database is at 2 and lacks 3; versions 1 to 3 were squashed",
    }),
  );
  expect(() => refuseTooOld([], SQUASH)).not.toThrow();
});

test("the hash of the migration that was squashed counts as the squash's own", () => {
  expect(isSquashedChecksum("old", SQUASH)).toBe(true);
  expect(isSquashedChecksum("other", SQUASH)).toBe(false);
  expect(isSquashedChecksum(null, { ...SQUASH, squashes: [] })).toBe(false);
});
