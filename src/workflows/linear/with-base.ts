import { relative } from "node:path";
import { ConfitureError } from "../../base/errors.ts";
import { findMigrations, type MigrationFiles } from "../../migrate/files.ts";
import { git, type GitCall } from "../sides/git.ts";
import { withTree } from "../sides/git-tree.ts";

/** Where migrations lie, and what of git they are compared with. */
export interface BaseRequest {
  readonly ref: string;
  /** Absolute. */
  readonly migrationsDir: string;
  /** Absolute. */
  readonly projectDir: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
}

/** The migrations of a base. */
export interface Base {
  readonly files: MigrationFiles;
  /** Of the commit that HEAD and the base both come from; undefined where this clone does not have it. */
  readonly fork: MigrationFiles | undefined;
  /** While git replays commits: names of the files in the migrations directory that those before this one left. */
  readonly replayed: ReadonlySet<string>;
}

/**
 * Read the migrations of a ref and of the commit it has in common with HEAD, in folders that are gone afterwards.
 * Throws DIFFER_403, with what to fetch where the ref is not there.
 */
export async function withBase<T>(request: BaseRequest, work: (base: Base) => Promise<T>): Promise<T> {
  const { ref, migrationsDir: dir } = request;
  const call: GitCall = { ...request, cwd: request.projectDir };
  const at = <R>(commit: string, read: (files: MigrationFiles) => Promise<R>) =>
    withTree({ ...request, ref: commit, paths: [dir] }, async (place) =>
      read(await findMigrations(place(dir))),
    );
  await requireRef(call);
  const fork = await forkOf(call);
  const replayed = (await isReplaying(call)) ? await namesAtHead(call, dir) : new Set<string>();
  return at(ref, (files) =>
    fork === undefined
      ? work({ files, fork: undefined, replayed })
      : at(fork, (common) => work({ files, fork: common, replayed })),
  );
}

async function requireRef(call: GitCall): Promise<void> {
  try {
    await git(["rev-parse", "--verify", "--end-of-options", `${call.ref}^{commit}`], call);
  } catch (error) {
    if (!(error instanceof ConfitureError) || !(await isRepository(call))) throw error;
    const [, remote, branch] = /^(?:refs\/remotes\/)?([^/]+)\/(.+)$/.exec(call.ref) ?? [];
    const fetch = remote ? `git fetch ${remote} ${branch}:refs/remotes/${remote}/${branch}` : "git fetch";
    throw new ConfitureError(
      "DIFFER_403",
      `this clone has no ${call.ref}, which migrations are compared with`,
      {
        actionable: `Fetch it: \`${fetch}\` (with --depth=1 in a shallow clone), or name another ref.`,
        details: { ref: call.ref },
        cause: error,
      },
    );
  }
}

const isRepository = (call: GitCall): Promise<boolean> =>
  git(["rev-parse", "--git-dir"], call).then(
    () => true,
    () => false,
  );

/** There is none in a clone that is shallow. */
const forkOf = (call: GitCall): Promise<string | undefined> =>
  answerOf(["merge-base", "HEAD", call.ref], call);

/** A rebase or a cherry-pick that stopped. */
async function isReplaying(call: GitCall): Promise<boolean> {
  const heads = ["REBASE_HEAD", "CHERRY_PICK_HEAD"].map((head) =>
    answerOf(["rev-parse", "-q", "--verify", head], call),
  );
  return (await Promise.all(heads)).some((commit) => commit !== undefined);
}

/** Undefined where git says nothing and ends with 1. */
async function answerOf(words: readonly string[], call: GitCall): Promise<string | undefined> {
  try {
    return (await git(words, call)).trim();
  } catch (error) {
    if (error instanceof ConfitureError && error.context.details?.["stderr"] === "") return undefined;
    throw error;
  }
}

async function namesAtHead(call: GitCall, dir: string): Promise<ReadonlySet<string>> {
  const path = relative(call.cwd, dir) || ".";
  const listed = await git(["ls-tree", "-z", "--name-only", "HEAD", "--", `${path}/`], call);
  return new Set(listed.split("\0").map((name) => name.slice(name.lastIndexOf("/") + 1)));
}
