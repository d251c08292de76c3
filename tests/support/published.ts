import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { COMMANDS } from "../../src/cli/commands/index.ts";

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
const validators = new Map<string, ValidateFunction>();

/** The published schema of a document by its file's name, e.g. `migrate.up.v1`. */
function validatorOf(id: string): ValidateFunction {
  const known = validators.get(id);
  if (known) return known;
  const text = readFileSync(new URL(`../../schemas/${id}.json`, import.meta.url), "utf8");
  const validate = ajv.compile(JSON.parse(text) as object);
  validators.set(id, validate);
  return validate;
}

/** Throws when these words ask for JSON and the answer, on stdout or in the file they name, is not as published. */
export async function requirePublished(
  argv: readonly string[],
  { cwd, out }: { readonly cwd: string; readonly out: string },
): Promise<void> {
  if (valueOf(argv, ["--format", "-f"]) !== "json" || argv.includes("--help")) return;
  const path = pathIn(argv);
  const { command } = path === undefined ? {} : await COMMANDS[path]!();
  const file = valueOf(argv, command?.resultFlag === "report" ? ["--report"] : ["--output", "-o"]);
  const answer = answerIn(cwd, out, file);
  for (const text of command?.stream ? answer.trimEnd().split("\n") : [answer]) {
    const document = JSON.parse(text) as { ok?: unknown; error?: unknown };
    const isEnvelope = document.ok === false && document.error !== undefined;
    if (file !== undefined && out !== "" && !isEnvelope)
      throw new Error(`the answer is on stdout, not in ${file}`);
    const { id, version } = isEnvelope || !command ? { id: "error", version: 1 } : command.output;
    const validate = validatorOf(`${id}.v${version}`);
    if (!validate(document)) {
      throw new Error(`${argv.join(" ")}: not as published: ${ajv.errorsText(validate.errors)}`);
    }
  }
}

/** stdout holds the document, or nothing when a file does; an error about the file itself is on stdout. */
function answerIn(cwd: string, out: string, file: string | undefined): string {
  if (file === undefined || out !== "") return out;
  const place = resolve(cwd, file);
  if (!existsSync(place)) throw new Error(`neither stdout nor ${file} holds an answer`);
  return readFileSync(place, "utf8");
}

const pathIn = (argv: readonly string[]): string | undefined =>
  [3, 2, 1].map((count) => argv.slice(0, count).join(" ")).find((words) => words in COMMANDS);

function valueOf(argv: readonly string[], flags: readonly string[]): string | undefined {
  const inline = flags.map((flag) =>
    argv.find((word) => word.startsWith(`${flag}=`))?.slice(flag.length + 1),
  );
  const at = argv.findIndex((word) => flags.includes(word));
  return inline.find((value) => value !== undefined) ?? (at === -1 ? undefined : argv[at + 1]);
}
