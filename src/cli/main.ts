import { CommanderError, Command as Parser } from "commander";
import { ConfitureError } from "../base/errors.ts";
import type { Style } from "../base/style.ts";
import type { Command, Context } from "./command.ts";
import { COMMANDS } from "./commands/index.ts";
import { exitCodes, exitCodesText } from "./exit-codes.ts";
import { flagsOf, parseOptions } from "./options.ts";
import { emptyFile, type Format, reportError, reportLine, reportResult, requireWritable } from "./report.ts";
import { helpFor, usageError } from "./usage-error.ts";
import { version } from "./version.ts";

/** What the process lends to the tool, so that tests can lend something else. */
export interface Io extends Omit<Context, "log" | "afterwards" | "emit"> {
  out(text: string): void;
  err(text: string): void;
  /** How text looks where it goes; without one it is plain. */
  readonly style?: Style | undefined;
}

/** How a run is going: its exit code, and where its answer goes. */
interface Run {
  exit: number;
  resultFlags: readonly string[];
  resultFile?: string | undefined;
  /** The command writes line after line. */
  isStream?: boolean | undefined;
}

/** Run the tool on these words and answer its exit code; never ends the process. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const run: Run = { exit: 0, resultFlags: [] };
  const format = valueIn(argv, ["--format", "-f"]) === "json" ? "json" : "text";
  try {
    const root = await parserFor(argv, io, run);
    await root.parseAsync(argv, { from: "user" });
    return run.exit;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      const { redactWithin } = await import("../pg/dsn.ts");
      const told = { code: error.code, message: redactWithin(error.message) };
      const usage = usageError(told, { argv, path: pathIn(argv), paths: Object.keys(COMMANDS) });
      return reportError(usage, format, { io, file: valueIn(argv, run.resultFlags), isLine: run.isStream });
    }
    const isUsage = error instanceof ConfitureError && error.code === "CONFIG_008";
    const told = isUsage ? error.with({ actionable: helpFor(pathIn(argv)) }) : error;
    return reportError(told, format, { io, file: run.resultFile, isLine: run.isStream });
  }
}

/** Only the command that was asked for is loaded, or all of them where help needs their summaries. */
async function parserFor(argv: readonly string[], io: Io, run: Run) {
  const root = new Parser("confiture")
    .description("Looks after a PostgreSQL schema for its whole life.")
    .version(`confiture version ${version()}`, "--version", "Print the version")
    .option("--exit-codes", "Print what the exit codes mean")
    .option("--exit-codes-json", "The same as JSON")
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.out(text), writeErr: () => {} })
    .showSuggestionAfterError(true);
  const printAndEnd = (text: () => string) => () => {
    io.out(text());
    throw new CommanderError(0, "exit-codes", "");
  };
  root.on("option:exit-codes", printAndEnd(exitCodesText));
  root.on(
    "option:exit-codes-json",
    printAndEnd(() => `${JSON.stringify(exitCodes(), null, 2)}\n`),
  );
  root.addHelpText(
    "after",
    "\nExit codes: `confiture --exit-codes`. Every command takes --format json and --help.",
  );
  const path = pathIn(argv);
  const wanted = path === undefined ? Object.entries(COMMANDS) : [[path, COMMANDS[path]!] as const];
  for (const [words, load] of wanted) {
    const { command } = await load();
    if (words === path) run.isStream = command.stream;
    addCommand(root, words, command, { io, run });
  }
  describeGroups(root, argv);
  if (argv.length === 0) root.action(() => root.help());
  return root;
}

/** Commands that hold others say which, and alone they print their help. */
function describeGroups(parent: Parser, argv: readonly string[]): void {
  for (const group of parent.commands.filter((c) => c.commands.length > 0)) {
    group.description(group.commands.map((c) => c.name()).join(", "));
    if (argv[0] !== group.name()) continue;
    if (argv.length === 1) group.action(() => group.help());
    describeGroups(group, argv.slice(1));
  }
}

const pathIn = (argv: readonly string[]): string | undefined =>
  [argv.slice(0, 3), argv.slice(0, 2), argv.slice(0, 1)]
    .map((words) => words.join(" "))
    .find((p) => p in COMMANDS);

/** What a flag says, also where the words as a whole are wrong. */
function valueIn(argv: readonly string[], flags: readonly string[]): string | undefined {
  const at = argv.findIndex((word) => flags.includes(word.replace(/=.*$/s, "")));
  const word = argv[at];
  if (word === undefined) return undefined;
  return word.includes("=") ? word.slice(word.indexOf("=") + 1) : argv[at + 1];
}

function addCommand(root: Parser, path: string, command: Command, { io, run }: { io: Io; run: Run }): void {
  const leaf = path
    .split(" ")
    .reduce(
      (at, word) => at.commands.find((c) => c.name() === word) ?? at.command(word).exitOverride(),
      root,
    );
  leaf.description(command.summary);
  for (const { name, required } of command.arguments ?? [])
    leaf.argument(required ? `<${name}>` : `[${name}]`);
  for (const flag of flagsOf(command)) leaf.addOption(flag);
  const formats = [
    "text",
    "json",
    "table",
    ...(command.yaml ? ["yaml"] : []),
    ...(command.csv ? ["csv"] : []),
    ...(command.sql ? ["sql"] : []),
  ];
  leaf.option("-f, --format <format>", `Result as ${formats.join(", ")}`, "text");
  leaf.option(command.resultFlag ? "--report <file>" : "-o, --output <file>", "Write the result to a file");
  run.resultFlags = command.resultFlag ? ["--report"] : ["--output", "-o"];
  leaf.action(async (...given: unknown[]) => {
    const { format, ...raw } = leaf.opts<{ format: string }>();
    const file = (raw as Record<string, unknown>)[command.resultFlag ?? "output"] as string | undefined;
    run.resultFile = file;
    if (!formats.includes(format)) {
      throw new ConfitureError("CONFIG_008", `--format: ${format} is not one of ${formats.join(", ")}`);
    }
    command.arguments?.forEach(({ name }, i) =>
      Object.assign(raw, given[i] === undefined ? {} : { [name]: given[i] }),
    );
    if (file !== undefined) await requireWritable(io.cwd, file);
    const quiet = format === "json";
    const log = {
      info: quiet ? () => {} : (line: string) => io.err(`${line}\n`),
      warn: (line: string) => io.err(`warning: ${line}\n`),
    };
    const isForPeople = format === "text" || format === "table";
    const ask = isForPeople ? io.ask : undefined;
    const progress = isForPeople ? io.progress : undefined;
    const options = parseOptions(command, raw);
    if (command.stream && file !== undefined) await emptyFile(io.cwd, file);
    const channels = { io, file, format: format === "table" ? "text" : (format as Format) };
    const emit = (document: unknown) => reportLine(command, document, channels);
    const result = await runAndTidy(command, { ...io, log, ask, progress, emit }, options);
    await reportResult(command, result, channels);
    run.exit = command.exit?.(result) ?? 0;
  });
}

/** Run a command, then what it left to be done afterwards. */
async function runAndTidy(
  command: Command,
  context: Omit<Context, "afterwards">,
  options: Record<string, unknown>,
): Promise<unknown> {
  const left: (() => Promise<void>)[] = [];
  try {
    return await command.run({ ...context, afterwards: (work) => void left.push(work) }, options);
  } finally {
    for (const work of left.toReversed()) await work();
  }
}
