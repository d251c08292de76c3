import { type Issue, newIssue } from "../base/issue.ts";
import type { Classified } from "../migrate/classify.ts";
import type { Impact, ReplicaVerdict } from "../sql/impact.ts";
import { beginningOf } from "../sql/statement-text.ts";

/** What the config file says of the databases that follow this one. */
export interface Replication {
  readonly replicas: readonly string[];
  /** `allow_unsafe_under_replication`: findings are warnings all the same. */
  readonly allowUnsafe: boolean;
}

const FOR_CONSTRAINT =
  "Add it NOT VALID, correct the rows, then VALIDATE CONSTRAINT; UNIQUE and PRIMARY KEY take an index made CONCURRENTLY (USING INDEX).";
const AFTER_A_RELEASE =
  "First release an application that does not use it any more; remove it in the release after that.";

/** How to do it in steps that replicas and the application's old release survive. */
const REMEDIES: Readonly<Record<Exclude<ReplicaVerdict, "SAFE">, string>> = {
  ADD_COLUMN:
    "Add the column nullable and without a default, fill it, and SET NOT NULL in a later migration.",
  ADD_CONSTRAINT: FOR_CONSTRAINT,
  CHANGE_TYPE: "Add a column of the new type, fill it, let the application move over, then drop the old one.",
  CREATE_INDEX: "Write CREATE INDEX CONCURRENTLY.",
  DROP_COLUMN: AFTER_A_RELEASE,
  DROP_OBJECT: AFTER_A_RELEASE,
  DROP_TABLE: AFTER_A_RELEASE,
  RENAME_COLUMN: "Add the new column, write both, move the readers, then drop the old one.",
  RENAME_OBJECT: "Make the new object beside the old one, move its users, then drop the old one.",
  REPLACE_OBJECT: "Keep names, arguments and result as they are, or make a new object beside it.",
  REVOKE: "First release an application that does not need the privilege any more.",
  SET_NOT_NULL:
    "ADD CHECK (… IS NOT NULL) NOT VALID, VALIDATE CONSTRAINT, then SET NOT NULL in a later migration.",
  TRUNCATE: "Delete rows in batches, or make a new table and move over.",
  UNCLASSIFIED: "Read what it does; it is not known to be safe while the application runs.",
};

const ALWAYS_WARNING: ReadonlySet<ReplicaVerdict> = new Set(["REPLACE_OBJECT", "UNCLASSIFIED"]);

/** One issue per action that replicas, or an application's old release, may not survive in one step. */
export function replicaIssues(
  classified: readonly Classified[],
  replication: Replication | undefined,
): Issue[] {
  const isStrict = replication !== undefined && replication.replicas.length > 0 && !replication.allowUnsafe;
  return classified.flatMap(({ migration, statement, impacts }) => {
    if (!statement) return isSql(migration.upFile) ? [] : [moduleIssue(migration.version, migration.upFile)];
    return impacts.flatMap((impact) => {
      const { replica, operation } = impact;
      if (replica === "SAFE") return [];
      const severity = isStrict && !ALWAYS_WARNING.has(replica) ? "error" : "warning";
      const place = { migration: migration.version, file: migration.upFile, line: statement.position.line };
      return [
        newIssue(severity, `PFLIGHT_REPLICA_${replica}`, messageOf(impact), {
          ...place,
          actionable: REMEDIES[replica],
          details: { operation, object: objectOf(impact), statement: beginningOf(statement, 120) },
        }),
      ];
    });
  });
}

/** Whether everything is known, and safe while replicas and an old release are at work. */
export const isWindowSafe = (classified: readonly Classified[]): boolean =>
  classified.every(
    ({ statement, impacts }) => statement !== undefined && impacts.every(({ replica }) => replica === "SAFE"),
  );

const isSql = (file: string) => file.endsWith(".sql");

const moduleIssue = (version: string, file: string): Issue =>
  newIssue("warning", "PFLIGHT_REPLICA_UNCLASSIFIED", `${version} is a program: what it runs is not known`, {
    migration: version,
    file,
    actionable: REMEDIES.UNCLASSIFIED,
    details: { operation: "MODULE", object: null },
  });

const objectOf = ({ on }: Impact): string | null =>
  on.map(({ schema, name }) => (schema === undefined ? name : `${schema}.${name}`)).join(", ") || null;

function messageOf(impact: Impact): string {
  const object = objectOf(impact);
  const what = object === null ? impact.operation : `${impact.operation} on ${object}`;
  return impact.replica === "UNCLASSIFIED"
    ? `${what}: not known to be safe while the application runs`
    : `${what} is not safe in one step while replicas or an old release are at work`;
}
