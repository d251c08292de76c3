import { styleText } from "node:util";
import type { Look, Style } from "../base/style.ts";

const FORMATS: Readonly<Record<Look, Parameters<typeof styleText>[0]>> = {
  added: "green",
  removed: "red",
  changed: "yellow",
  heading: "bold",
  aside: "dim",
  caution: "yellow",
  danger: ["bold", "red"],
};

/** Colours where a stream shows them: on a terminal, unless NO_COLOR is set, and wherever FORCE_COLOR is. */
export const terminalStyle =
  (stream: NodeJS.WritableStream): Style =>
  (look, text) =>
    styleText(FORMATS[look], text, { stream });
