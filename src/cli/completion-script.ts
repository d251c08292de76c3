/** A command's words and the flags that may follow them. */
export interface CommandWords {
  readonly path: string;
  readonly flags: readonly string[];
}

/** A script that completes commands and flags; it is static, so that a key press costs nothing. */
export function completionScript(shell: "bash" | "zsh" | "fish", commands: readonly CommandWords[]): string {
  return { bash: bashScript, zsh: zshScript, fish: fishScript }[shell](commands);
}

const firstWords = (commands: readonly CommandWords[]) => [
  ...new Set(commands.map((c) => c.path.split(" ")[0]!)),
];

const secondWords = (commands: readonly CommandWords[], first: string) =>
  commands.flatMap((c) => (c.path.startsWith(`${first} `) ? [c.path.split(" ")[1]!] : []));

const bashCases = (commands: readonly CommandWords[]) => [
  ...commands.map((c) => `    "${c.path}") words="${c.flags.join(" ")}" ;;`),
  ...firstWords(commands)
    .filter((first) => secondWords(commands, first).length > 0)
    .map((first) => `    "${first}") words="${secondWords(commands, first).join(" ")}" ;;`),
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
      const [first, second] = path.split(" ");
      return [
        ...(second ? [`complete -c confiture -n "__fish_seen_subcommand_from ${first}" -a ${second}`] : []),
        ...flags.map((flag) => `complete -c confiture -n "${seen}" -l ${flag.slice(2)}`),
      ];
    }),
  ].join("\n");
