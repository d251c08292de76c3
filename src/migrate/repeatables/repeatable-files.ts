import { type Dirent, existsSync, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { ConfitureError } from "../../base/errors.ts";
import { decodeUtf8 } from "../../sql/decode-utf8.ts";
import { contentChecksum } from "../content-checksum.ts";
import { readBytes } from "../read-bytes.ts";

/** A file of `db/repeatable/`: it says what views, functions or grants are, and runs again whenever it changes. */
export interface RepeatableFile {
  /** Below the directory, with `/`; what identifies it. */
  readonly path: string;
  /** As the user knows it. */
  readonly file: string;
  /** SHA-256 of the text; line endings do not count. */
  readonly checksum: string;
  readonly text: string;
}

/** Every `.sql` file below the directory, linked ones too, by path; none where there is no such directory. Throws CONFIG_004, SCHEMA_205. */
export function findRepeatables(dir: string | undefined): RepeatableFile[] {
  return sqlFilesIn(dir).map((path) => {
    const file = join(dir!, path);
    const bytes = readBytes(file);
    return { path, file, text: decodeUtf8(bytes, file), checksum: contentChecksum(bytes) };
  });
}

function sqlFilesIn(dir: string | undefined): string[] {
  if (dir === undefined || !existsSync(dir)) return [];
  try {
    return readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.name.endsWith(".sql") && isFile(entry))
      .map(({ parentPath, name }) => relative(dir, join(parentPath, name)).replaceAll("\\", "/"))
      .toSorted();
  } catch (cause) {
    const { message } = cause as Error;
    throw new ConfitureError("CONFIG_004", `${dir} cannot be read: ${message}`, { file: dir, cause });
  }
}

/** A link that leads nowhere counts: whoever reads it says so. */
const isFile = (entry: Dirent): boolean =>
  entry.isFile() ||
  (entry.isSymbolicLink() &&
    statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.isDirectory() !== true);
