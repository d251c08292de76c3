import { type ObjectName, statementFacts } from "../sql/facts.ts";
import { greatest, type Impact, type Tier, TIERS } from "../sql/impact.ts";
import { isNode, type Node } from "../sql/node.ts";
import { objectKey } from "../sql/object-name.ts";
import type { Statement } from "../sql/script.ts";
import { statementImpacts } from "../sql/statement-impact.ts";
import type { MigrationFile } from "./files.ts";
import { type MigrationBody, readBodyIfValid } from "./migration.ts";

/** What one statement of a set of migrations does to what was there before the set. */
export interface Classified {
  readonly migration: MigrationFile;
  /** Undefined for a file that could not be looked into: it is no SQL, or does not parse. */
  readonly statement: Statement | undefined;
  /** One per action; none where nothing could be looked into. */
  readonly impacts: readonly Impact[];
}

/** Classify every statement of these migrations' way up, as far as their files can be read. */
export async function classify(migrations: readonly MigrationFile[]): Promise<Classified[]> {
  const parts: Part[] = [];
  for (const migration of migrations)
    parts.push([migration, migration.kind === "sql" ? await readBodyIfValid(migration) : undefined]);
  return classifyParts(parts);
}

/** A migration with what is run of it, where that could be read. */
type Part = readonly [MigrationFile, MigrationBody | undefined, ...unknown[]];

/** The worst that one of a migration's statements does, one for each; undefined where that is not known. */
export const worstTiers = (parts: readonly Part[]): (Tier | undefined)[] => {
  const classified = classifyParts(parts);
  return parts.map(([migration]) => {
    const own = classified.filter((one) => one.migration === migration);
    const tiers = own.flatMap(({ statement, impacts }) =>
      statement ? impacts.map(({ tier }) => tier) : [undefined],
    );
    return greatest(TIERS, ["additive", ...tiers]);
  });
};

/** What the set itself makes is used by nobody yet, so that changing it harms nobody. */
function classifyParts(parts: readonly Part[]): Classified[] {
  const made = newObjects();
  const classified: Classified[] = [];
  for (const [migration, body] of parts) {
    made.enter(body?.directives.runAs ?? "");
    const statements = body?.script?.statements ?? [];
    if (body?.script)
      for (const statement of statements) classified.push({ migration, ...made.meet(statement) });
    else classified.push({ migration, statement: undefined, impacts: [] });
  }
  return classified;
}

interface Made {
  readonly isDomain: boolean;
  readonly isTemporary: boolean;
  /** Rows may stand in it. */
  isFilled: boolean;
}

/** What the statements met so far have made. A name without a schema means another object under another search path. */
function newObjects() {
  const made = new Map<string, Made>();
  let searchPath = "";
  const keyOf = (object: ObjectName) =>
    `${object.schema === undefined ? searchPath : ""}\0${objectKey(object)}`;
  const isNew = (object: ObjectName) => made.has(keyOf(object));
  const isPlainType = (type: ObjectName) => made.get(keyOf(type))?.isDomain === false;

  const relieved = (impact: Impact, { kind }: Statement): Impact => {
    const { on, work } = impact;
    if (on.length === 0 || !on.every(isNew)) return impact;
    const isFilled = on.some((object) => made.get(keyOf(object))?.isFilled);
    const keepsWork = isFilled || MOVES_ROWS.has(kind);
    return { ...impact, tier: "additive", replica: "SAFE", work: keepsWork ? work : "catalog" };
  };

  function remember(statement: Statement, impacts: readonly Impact[]): void {
    const { defines, drops } = statementFacts(statement);
    const moved = MOVES.has(statement.kind) ? impacts.flatMap(({ on }) => on) : [];
    const isMoved = moved.length > 0 && moved.every(isNew) && defines.length > 0;
    const isFilled = MOVES_ROWS.has(statement.kind) && impacts.some(({ work }) => work !== "rows");
    for (const object of isFilled ? impacts.flatMap(({ on }) => on) : []) fill(made.get(keyOf(object)));
    if (impacts.some(({ replica, on }) => replica === "UNCLASSIFIED" && on.length === 0)) {
      for (const entry of made.values()) fill(entry);
    }
    const wasFilled = moved.some((object) => made.get(keyOf(object))?.isFilled);
    for (const object of [...drops, ...(isMoved ? moved : [])]) {
      for (const type of [object.type, "type"] as const) made.delete(keyOf({ ...object, type }));
    }
    for (const object of isMoved || isCreation(statement) ? defines.filter(hasOneName) : []) {
      const isRead = impacts.some(({ work }) => work === "scan");
      made.set(keyOf(object), {
        isDomain: statement.kind === "CreateDomainStmt",
        isTemporary: isTemporary(statement),
        isFilled: isRead || wasFilled,
      });
    }
    if (movesSearchPath(statement)) searchPath = statement.text;
  }

  return {
    /** Settings and temporary tables of one migration do not reach the next; `role` is what "$user" stands for. */
    enter(role: string): void {
      searchPath = role;
      for (const [key, entry] of made) if (entry.isTemporary) made.delete(key);
    },
    meet(statement: Statement): Pick<Classified, "statement" | "impacts"> {
      const own = new Set(isCreation(statement) ? statementFacts(statement).defines.map(keyOf) : []);
      const impacts = statementImpacts(statement, isPlainType).map((impact) => ({
        ...relieved(impact, statement),
        locks: impact.locks.filter(([object]) => !isNew(object) && !own.has(keyOf(object))),
      }));
      remember(statement, impacts);
      return { statement, impacts };
    },
  };
}

const fill = (entry: Made | undefined): void => {
  if (entry) entry.isFilled = true;
};

const MOVES: ReadonlySet<string> = new Set(["AlterObjectSchemaStmt", "RenameStmt"]);

const MOVES_ROWS: ReadonlySet<string> = new Set([
  "CopyStmt",
  "DeleteStmt",
  "InsertStmt",
  "MergeStmt",
  "UpdateStmt",
]);

/** IF NOT EXISTS and OR REPLACE may meet what was there before. */
function isCreation({ kind, node }: Statement): boolean {
  const { if_not_exists: ifNotExists, replace } = node as Node;
  return !MOVES.has(kind) && ifNotExists !== true && replace !== true;
}

/** A function's name is shared by all that take other arguments. */
const hasOneName = ({ type }: ObjectName): boolean => type !== "function";

function isTemporary({ node }: Statement): boolean {
  const { relation, view, into, intoClause } = node as Node;
  const target = [relation, view, nodeOf(into)["rel"], nodeOf(intoClause)["rel"]].find(isNode);
  return target?.["relpersistence"] === "t";
}

const nodeOf = (value: unknown): Node => (isNode(value) ? value : {});

const PATH_SETTINGS: ReadonlySet<unknown> = new Set([
  "role",
  "search_path",
  "session_authorization",
  undefined,
]);

/** RESET ALL names no setting. */
function movesSearchPath(statement: Statement): boolean {
  const { name } = statement.node as Node;
  if (statement.kind === "VariableSetStmt") return PATH_SETTINGS.has(name);
  return statementFacts(statement).uses.some(
    (used) => used.type === "function" && used.name === "set_config",
  );
}
