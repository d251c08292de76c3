import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { ConfitureError } from "../../base/errors.ts";
import { isWithin } from "./ddl-side.ts";
import { git } from "./git.ts";

/** Folders and files of a project as a ref of its git repository has them. */
export interface TreeRequest {
  readonly ref: string;
  readonly projectDir: string;
  /** Absolute, as they lie in the working tree. */
  readonly paths: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Lay files of a ref into a folder that is removed afterwards; the work gets what stands there for a path of the
 * working tree. Repository, index and working tree stay as they are. Throws DIFFER_403.
 */
export async function withTree<T>(
  request: TreeRequest,
  work: (at: (path: string) => string) => Promise<T> | T,
): Promise<T> {
  const { ref, projectDir } = request;
  const inProject = (words: readonly string[]) => git(words, { ...request, cwd: projectDir });
  const top = await realpath((await inProject(["rev-parse", "--show-toplevel"])).trimEnd());
  const commit = (await inProject(["rev-parse", "--verify", "--end-of-options", `${ref}^{commit}`])).trim();
  const project = await realpath(projectDir);
  const inRepository = (path: string) => relative(top, resolve(project, relative(projectDir, path)));
  const paths = request.paths.map(inRepository);
  refuseOutside(request, top, paths);
  const dir = await mkdtemp(join(tmpdir(), "confiture-git-"));
  try {
    const environment = {
      ...request.environment,
      GIT_INDEX_FILE: join(dir, "index"),
      GIT_LITERAL_PATHSPECS: "1",
    };
    const inTree = (words: readonly string[], input?: string) =>
      git(words, { ...request, environment, cwd: top, input });
    await inTree(["read-tree", commit]);
    const listed = await inTree(["ls-files", "-z", "--", ...paths.map((path) => path || ".")]);
    const tree = join(dir, "tree");
    await inTree(["checkout-index", "-q", "-z", "--stdin", `--prefix=${tree}/`], listed);
    return await work((path) => join(tree, inRepository(path)));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function refuseOutside({ paths: given }: TreeRequest, top: string, paths: readonly string[]): void {
  const outside = paths.findIndex((path) => !isWithin(resolve(top, path), top));
  if (outside === -1) return;
  throw new ConfitureError("DIFFER_403", `${given[outside]} lies outside the git repository ${top}`);
}
