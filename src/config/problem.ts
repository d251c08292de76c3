import { ConfitureError, type ErrorCode } from "../base/errors.ts";

/** One thing wrong with a config file; its message never holds a value, which may be secret. */
export interface Problem {
  readonly code: Extract<ErrorCode, "CONFIG_001" | "CONFIG_002" | "CONFIG_003" | "CONFIG_009">;
  /** Dotted, e.g. `include_dirs[0].path`; empty for the file as a whole. */
  readonly key: string;
  readonly line: number;
  readonly message: string;
  readonly pointer?: string | undefined;
}

/** All problems of one file as one error: CONFIG_002, or the code that they share. */
export function configError(file: string, problems: readonly Problem[]): ConfitureError {
  const sorted = problems.toSorted((a, b) => a.line - b.line);
  const [first] = sorted;
  if (first === undefined) throw new Error("a config error needs a problem");
  const code = sorted.every((problem) => problem.code === first.code) ? first.code : "CONFIG_002";
  const lines = sorted.map((problem) => `line ${problem.line}: ${problem.message}`);
  const message =
    lines.length === 1 ? first.message : `${file} has ${lines.length} problems:\n  ${lines.join("\n  ")}`;
  return new ConfitureError(code, message, {
    file,
    line: first.line,
    pointer: first.pointer,
    details: { problems: sorted.map(({ key, line, message }) => ({ key, line, message })) },
  });
}
