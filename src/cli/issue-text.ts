import type { Issue } from "../base/issue.ts";

/** An issue in one line, with its place; the spot in the source and its remedy below it. */
export function issueText({ severity, code, message, file, line, actionable, details }: Issue): string {
  const place = placeIn(message, file, line);
  const { pointer } = details;
  const below = [
    ...(typeof pointer === "string" ? pointer.split("\n") : []),
    ...(actionable ? [actionable] : []),
  ];
  return [
    `${severity} ${code}: ${message}${place === undefined ? "" : ` (${place})`}`,
    ...below.map((text) => `  ${text}`),
  ].join("\n");
}

/** Where it is, unless the message says just that already. */
export function placeIn(
  message: string,
  file: string | null | undefined,
  line: number | null | undefined,
): string | undefined {
  if (file == null) return undefined;
  if (line == null) return message.includes(file) ? undefined : file;
  return `${file}:${line}`;
}
