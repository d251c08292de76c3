/** A command's words and the flags that may follow them. */
export interface CommandWords {
  readonly path: string;
  readonly flags: readonly string[];
}

/** A script that completes commands and flags; it is static, so that a key press costs nothing. */
export function completionScript(shell: "bash" | "zsh" | "fish", commands: readonly CommandWords[]): string {
  return { bash: bashScript, zsh: zshScript, fish: fishScript }[shell](commands);
}

/** The words that may come next, by those typed before them. */
function nextWords(commands: readonly CommandWords[]): ReadonlyMap<string, ReadonlySet<string>> {
  const next = new Map<string, Set<string>>();
  for (const { path } of commands)
    for (const [at, word] of path.split(" ").entries()) {
      const before = path.split(" ").slice(0, at).join(" ");
      next.set(before, (next.get(before) ?? new Set()).add(word));
    }
  return next;
}

const firstWords = (commands: readonly CommandWords[]) => [...(nextWords(commands).get("") ?? [])];

/** A command that is also the first word of others completes its flags. */
const bashCases = (commands: readonly CommandWords[]) => [
  ...commands.map((c) => `    "${c.path}") words="${c.flags.join(" ")}" ;;`),
  ...[...nextWords(commands)]
    .filter(([before]) => before !== "")
    .map(([before, words]) => `    "${before}") words="${[...words].join(" ")}" ;;`),
  `    "") words="${firstWords(commands).join(" ")} --version --help" ;;`,
];

const bashScript = (commands: readonly CommandWords[]) => `_confiture() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path="" word words=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) path="\${path:+$path }$word" ;; esac
  done
  while :; do
    case "$path" in
${bashCases(commands).join("\n")}
    *) case "$path" in *" "*) path="\${path% *}"; continue ;; esac ;;
    esac
    break
  done
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [ \${#COMPREPLY[@]} -eq 0 ] && COMPREPLY=($(compgen -f -- "$current"))
}
complete -F _confiture confiture`;

const zshScript = (commands: readonly CommandWords[]) =>
  `#compdef confiture\nautoload -U +X bashcompinit && bashcompinit\n${bashScript(commands)}`;

const fishScript = (commands: readonly CommandWords[]) =>
  [
    "complete -c confiture -f",
    ...firstWords(commands).map((first) => `complete -c confiture -n __fish_use_subcommand -a ${first}`),
    ...commands.flatMap(({ path, flags }) => {
      const seen = path
        .split(" ")
        .map((word) => `__fish_seen_subcommand_from ${word}`)
        .join("; and ");
      const words = path.split(" ");
      const before = words.slice(0, -1).map((word) => `__fish_seen_subcommand_from ${word}`);
      return [
        ...(before.length > 0
          ? [`complete -c confiture -n "${before.join("; and ")}" -a ${words.at(-1)}`]
          : []),
        ...flags.map((flag) => `complete -c confiture -n "${seen}" -l ${flag.slice(2)}`),
      ];
    }),
  ].join("\n");
