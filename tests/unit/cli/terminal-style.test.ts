import { PassThrough } from "node:stream";
import { WriteStream } from "node:tty";
import { afterEach, expect, test, vi } from "vitest";
import { terminalStyle } from "../../../src/cli/terminal-style.ts";

afterEach(() => vi.unstubAllEnvs());

/** A stream on a terminal of its own: what the machine that runs the tests sets, such as CI, says nothing about it. */
const stream = (isTTY: boolean, environment: object) =>
  Object.assign(new PassThrough(), {
    isTTY,
    getColorDepth: () => WriteStream.prototype.getColorDepth({ TERM: "xterm", ...environment }),
  });

test.each([
  ["a terminal", true, {}, true],
  ["a pipe", false, {}, false],
  ["a terminal under NO_COLOR", true, { NO_COLOR: "1" }, false],
  ["a pipe under FORCE_COLOR", false, { FORCE_COLOR: "1" }, true],
])("%s", (_, isTTY, environment, hasColours) => {
  for (const name of ["NO_COLOR", "NODE_DISABLE_COLORS", "FORCE_COLOR"]) vi.stubEnv(name, undefined);
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const text = terminalStyle(stream(isTTY, environment))("added", "x");
  expect(text).toBe(hasColours ? "\u001B[32mx\u001B[39m" : "x");
});
