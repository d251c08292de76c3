import type { MigrationFile, MigrationFiles } from "../files.ts";
import { squashOf } from "../squash/squash-state.ts";
import { compareVersions } from "../version.ts";
import { digestOf, stemOf } from "./sum.ts";

/** What a branch and its base have, both as files on disk. */
export interface BranchAndBase {
  /** The working tree's. */
  readonly here: MigrationFiles;
  readonly base: MigrationFiles;
  /** Those of the commit that both come from; undefined where this clone does not have it. */
  readonly fork: MigrationFiles | undefined;
}

/** How the migrations of a branch stand to those of its base. */
export interface Branch {
  /** In version order; squashes of what the base has are none. */
  readonly added: readonly MigrationFile[];
  /** Of the base, with other content here. */
  readonly changed: readonly MigrationFile[];
  /** Of the base, and removed here. */
  readonly removed: readonly MigrationFile[];
  /** Of the base, and not here yet. */
  readonly missing: readonly MigrationFile[];
  /** The base's newest. */
  readonly newest: MigrationFile | undefined;
}

/** Compares by name and content, whatever git says of renames. Throws CONFIG_004. */
export function branchOf({ here, base, fork }: BranchAndBase): Branch {
  const [own, theirs, common] = [stemsOf(here), stemsOf(base), stemsOf(fork)];
  const namesakes = fork === undefined ? NONE : bothAdded(here, theirs, common);
  const isOurs = (m: MigrationFile) =>
    namesakes.has(stemOf(m)) || (!theirs.has(stemOf(m)) && !common.has(stemOf(m)));
  const squashed = squashedHere(here.migrations.filter(isOurs), base);
  const isShared = (m: MigrationFile) => own.has(stemOf(m)) && !namesakes.has(stemOf(m));
  const shared = base.migrations.filter(isShared);
  const absent = base.migrations.filter((m) => !isShared(m));
  const isRemoved = removal(fork && common, shared.at(-1));
  return {
    added: here.migrations.filter((m) => isOurs(m) && !squashed.has(m.version)),
    changed: shared.filter((m) => differs(own.get(stemOf(m))!, [m, common.get(stemOf(m))])),
    removed: absent.filter((m) => isRemoved(m) && !squashed.has(m.version)),
    missing: absent.filter((m) => !isRemoved(m)),
    newest: base.migrations.at(-1),
  };
}

type Stems = ReadonlyMap<string, MigrationFile>;

const stemsOf = (files: MigrationFiles | undefined): Stems =>
  new Map(files?.migrations.map((m) => [stemOf(m), m]));

const NONE: ReadonlySet<string> = new Set();

/** Names that both came to after they parted, each with its own content. */
const bothAdded = ({ migrations }: MigrationFiles, theirs: Stems, common: Stems): ReadonlySet<string> =>
  new Set(
    migrations
      .filter((m) => !common.has(stemOf(m)) && theirs.has(stemOf(m)) && differs(m, [theirs.get(stemOf(m))]))
      .map(stemOf),
  );

/** A branch that the base has left behind holds what the base had. */
function differs(own: MigrationFile, others: readonly (MigrationFile | undefined)[]): boolean {
  const digest = digestOf(own);
  return others.every((other) => other === undefined || digestOf(other) !== digest);
}

/** Without the common commit, what is older than something that both have was there. */
function removal(fork: Stems | undefined, newest: MigrationFile | undefined) {
  if (fork !== undefined) return (m: MigrationFile) => fork.has(stemOf(m));
  return (m: MigrationFile) => newest !== undefined && compareVersions(m.version, newest.version) < 0;
}

/** Versions of the base that a squash on this branch stands for, its own among them. */
function squashedHere(ours: readonly MigrationFile[], base: MigrationFiles): ReadonlySet<string> {
  const known = new Set(base.migrations.map(({ version }) => version));
  return new Set(
    ours
      .filter(({ version }) => known.has(version))
      .flatMap((migration) => squashOf(migration)?.squashes ?? []),
  );
}
