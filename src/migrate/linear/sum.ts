import { basename, join } from "node:path";
import { sha256 } from "../../base/hash.ts";
import type { MigrationFile, MigrationFiles } from "../files.ts";
import { checksumOf } from "../read-bytes.ts";

export const SUM_FILE = "migrations.sum";

export const sumFileOf = (dir: string): string => join(dir, SUM_FILE);

const HEADER = "# migrations.sum v1 of Confiture; after a merge conflict: confiture migrate rebase";

/** A migration's name without endings: `<version>_<name>`. */
export const stemOf = ({ version, name }: Pick<MigrationFile, "version" | "name">): string =>
  name === "" ? version : `${version}_${name}`;

/** One migration of the chain, with the hash of everything up to it. */
export interface SumLine {
  readonly stem: string;
  readonly hash: string;
}

/** What a migration's files hold, whatever their line endings: those that `up` and `down` run. */
export const digestOf = ({ upFile, downFile }: MigrationFile): string => {
  const files = downFile === undefined || downFile === upFile ? [upFile] : [upFile, downFile];
  return sha256(files.map((file) => `${basename(file)} ${checksumOf(file)}\n`).join(""));
};

/** The chain of these files, in version order. Throws CONFIG_004. */
export function sumLines({ migrations }: MigrationFiles): SumLine[] {
  let hash = "";
  return migrations.map((migration) => {
    hash = sha256(`${hash}\n${digestOf(migration)}`);
    return { stem: stemOf(migration), hash };
  });
}

/**
 * The text of `migrations.sum`. Whatever changes in the chain changes the last line, so that git cannot merge two
 * branches that both changed something.
 */
export function sumText(lines: readonly SumLine[]): string {
  const last = lines.at(-1);
  const head = last === undefined ? "head none" : `head ${last.stem} ${last.hash}`;
  return [HEADER, ...lines.map(({ stem, hash }) => `${stem} ${hash}`), head, ""].join("\n");
}

/** The lines of a text that is whole; undefined where it is cut short, merged or edited. */
export function parseSum(text: string): SumLine[] | undefined {
  const lines = text.replaceAll("\r\n", "\n").trimEnd().split("\n").slice(1, -1);
  const parsed = lines.map((line) => {
    const at = line.lastIndexOf(" ");
    return { stem: line.slice(0, at), hash: line.slice(at + 1) };
  });
  return sumText(parsed).trimEnd() === text.replaceAll("\r\n", "\n").trimEnd() ? parsed : undefined;
}

/** What git leaves in a file that it could not merge. */
export const holdsConflict = (text: string): boolean => /^(?:<{7}|>{7}) /m.test(text);
