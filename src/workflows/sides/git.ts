import { execFile } from "node:child_process";
import { ConfitureError } from "../../base/errors.ts";
import { redactWithin } from "../../pg/dsn.ts";

/** How git is called. */
export interface GitCall {
  readonly ref: string;
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
  readonly input?: string | undefined;
}

/** What would write into the repository, run programs of its own, or ask a person. */
const OFF = ["core.hooksPath=/dev/null", "core.splitIndex=false", "core.fsmonitor=false"].flatMap(
  (setting) => ["-c", setting],
);

/** The repository is the one that the project lies in, also inside a hook of another. */
const ALWAYS = {
  GIT_DIR: undefined,
  GIT_OPTIONAL_LOCKS: "0",
  GIT_PREFIX: undefined,
  GIT_TERMINAL_PROMPT: "0",
  GIT_WORK_TREE: undefined,
  LC_ALL: "C",
};

/** What git answers; hooks, helpers and questions of its own are off. Throws DIFFER_403. */
export function git(
  words: readonly string[],
  { ref, cwd, environment, signal, input }: GitCall,
): Promise<string> {
  return new Promise((done, fail) => {
    const child = execFile(
      "git",
      [...OFF, ...words],
      { cwd, env: { ...environment, ...ALWAYS }, signal, encoding: "utf8", maxBuffer: Infinity },
      (error, out, said) => {
        if (error === null) done(out);
        else fail(signal?.aborted ? signal.reason : refused(ref, error, said));
      },
    );
    child.stdin?.on("error", () => {}); // a child that ended early says why by itself
    child.stdin?.end(input ?? "");
  });
}

function refused(ref: string, error: Error, said: string): ConfitureError {
  const stderr = redactWithin(said.trim());
  const reason = (error as NodeJS.ErrnoException).code === "ENOENT" ? "there is no program git" : stderr;
  return new ConfitureError("DIFFER_403", `git:${ref} cannot be read: ${reason.split("\n")[0]}`, {
    details: { ref, stderr },
    cause: error,
  });
}
