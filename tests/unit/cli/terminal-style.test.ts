import { PassThrough } from "node:stream";
import { WriteStream } from "node:tty";
import { afterEach, expect, test, vi } from "vitest";
import { terminalStyle } from "../../../src/cli/terminal-style.ts";

afterEach(() => vi.unstubAllEnvs());

const getColorDepth = () => WriteStream.prototype.getColorDepth();
const stream = (isTTY: boolean) => Object.assign(new PassThrough(), { isTTY, getColorDepth });

test.each([
  ["a terminal", true, {}, true],
  ["a pipe", false, {}, false],
  ["a terminal under NO_COLOR", true, { NO_COLOR: "1" }, false],
  ["a pipe under FORCE_COLOR", false, { FORCE_COLOR: "1" }, true],
])("%s", (_, isTTY, environment, hasColours) => {
  for (const name of ["NO_COLOR", "NODE_DISABLE_COLORS", "FORCE_COLOR"]) vi.stubEnv(name, undefined);
  vi.stubEnv("TERM", "xterm");
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const text = terminalStyle(stream(isTTY))("added", "x");
  expect(text).toBe(hasColours ? "\u001B[32mx\u001B[39m" : "x");
});
