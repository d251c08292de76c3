import { readFile } from "node:fs/promises";
import { ConfitureError } from "../base/errors.ts";
import { parseYaml, type YamlFile } from "../base/yaml-file.ts";
import { configError } from "./problem.ts";

/**
 * Reads one YAML document; `shown` is the path as the user knows it.
 * Throws CONFIG_004 when it cannot be read, CONFIG_002 with line and pointer when it is not YAML.
 */
export async function readYamlFile(file: string, shown: string): Promise<YamlFile> {
  const text = await readText(file, shown);
  return parseYaml(text, (problems) =>
    configError(
      shown,
      problems.map((problem) => ({ code: "CONFIG_002", ...problem })),
    ),
  );
}

async function readText(file: string, shown: string): Promise<string> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    const why =
      error.code === "ENOENT" ? "does not exist" : `cannot be read (${error.code ?? error.message})`;
    throw new ConfitureError("CONFIG_004", `${shown} ${why}`, { file: shown, cause: error });
  });
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw configError(shown, [{ code: "CONFIG_002", key: "", line: 1, message: "the file is not UTF-8" }]);
  }
}
