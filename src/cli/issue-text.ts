import type { Issue } from "../base/issue.ts";

/** An issue in one line, with its place, and its remedy below it. */
export function issueText({ severity, code, message, file, line, actionable }: Issue): string {
  const where = file === null ? "" : ` (${file}${line === null ? "" : `:${line}`})`;
  return `${severity} ${code}: ${message}${where}${actionable === null ? "" : `\n  ${actionable}`}`;
}
