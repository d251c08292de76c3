import { execFileSync } from "node:child_process";
import type { Project } from "./project.ts";

/** Where git is, and no settings of the user's. */
export const gitEnvironment = (project: Project): Record<string, string> => ({
  PATH: process.env["PATH"] ?? "",
  HOME: project.dir,
});

/** Run git in a project; throws where it ends with anything but 0. */
export const git = (project: Project, ...words: string[]): string =>
  execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.org", ...words], {
    cwd: project.dir,
    env: { ...gitEnvironment(project), GIT_EDITOR: "true" },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });

/** What git's exit code says. */
export function gitExit(project: Project, ...words: string[]): number {
  try {
    git(project, ...words);
    return 0;
  } catch (error) {
    return (error as { status: number }).status;
  }
}

/** Everything in the working tree as a commit. */
export function commit(project: Project, message = "change"): void {
  git(project, "add", "-A", "db");
  git(project, "commit", "-q", "--allow-empty", "-m", message);
}
