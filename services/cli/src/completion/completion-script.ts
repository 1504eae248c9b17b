import type { CommandWords, Word } from "./command-words.ts";

/** Shells that completion is made for. */
export type Shell = "bash" | "zsh" | "fish";

/** A completion script: words of the command tree, files where no word fits. Pure text, nothing is run while completing. */
export function toCompletionScript(shell: Shell, tree: readonly CommandWords[]): string {
  switch (shell) {
    case "bash":
      return toBash(tree);
    case "zsh":
      return toZsh(tree);
    case "fish":
      return toFish(tree);
    default:
      return shell satisfies never;
  }
}

function toBash(tree: readonly CommandWords[]): string {
  const cases = tree.map(
    ({ path, commands, options }) =>
      `    ${quote(path)}) commands=${quote(wordsOf(commands))}; options=${quote(wordsOf(options))} ;;`,
  );
  return `# Completion for matrixos in bash. Use it with: source <(matrixos completion bash)
_matrixos() {
  local word path='' commands='' options='' current=\${COMP_WORDS[COMP_CWORD]}
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path $word" in
${knownPaths(tree)
  .map((path) => `      ${quote(` ${path}`)} | ${quote(path)}) path=${quote(path)} ;;`)
  .join("\n")}
    esac
  done
  case "$path" in
${cases.join("\n")}
  esac
  if [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$current"))
  else
    COMPREPLY=($(compgen -W "$commands" -- "$current"))
  fi
}
complete -o default -F _matrixos matrixos
`;
}

function toZsh(tree: readonly CommandWords[]): string {
  const describe = (words: readonly Word[]): string =>
    words.map(({ word, meaning }) => quote(`${word.replaceAll(":", "\\:")}:${meaning}`)).join(" ");
  const cases = tree.map(
    ({ path, commands, options }) =>
      `    ${quote(path)}) commands=(${describe(commands)}); options=(${describe(options)}) ;;`,
  );
  return `#compdef matrixos
# Completion for matrixos in zsh. Use it with: source <(matrixos completion zsh)
_matrixos() {
  local word place=''
  local -a commands options
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$place $word" in
${knownPaths(tree)
  .map((path) => `      ${quote(` ${path}`)} | ${quote(path)}) place=${quote(path)} ;;`)
  .join("\n")}
    esac
  done
  case "$place" in
${cases.join("\n")}
  esac
  if [[ $words[CURRENT] == -* ]]; then
    _describe 'option' options
  elif (( $#commands )); then
    _describe 'command' commands
  else
    _files
  fi
}
compdef _matrixos matrixos
`;
}

function toFish(tree: readonly CommandWords[]): string {
  // Options of the program have no condition and so fit everywhere already.
  const everywhere = new Set(tree[0]?.options.map(({ word }) => word));
  const lines = tree.flatMap(({ path, commands, options }) => {
    const seen = path.split(" ").filter((name) => name !== "");
    const here = [
      ...seen.map((name) => `__fish_seen_subcommand_from ${name}`),
      ...(commands.length === 0 ? [] : [`not __fish_seen_subcommand_from ${wordsOf(commands)}`]),
    ].join("; and ");
    const condition = here === "" ? "" : ` -n ${quote(here)}`;
    return [
      ...commands.map(
        ({ word, meaning }) => `complete -c matrixos -f${condition} -a ${quote(word)} -d ${quote(meaning)}`,
      ),
      ...options
        .filter(({ word }) => path === "" || !everywhere.has(word))
        .map(({ word, meaning }) => `complete -c matrixos${condition} -l ${quote(word.slice(2))} -d ${quote(meaning)}`),
    ];
  });
  return `# Completion for matrixos in fish. Use it with: matrixos completion fish | source\n${lines.join("\n")}\n`;
}

function knownPaths(tree: readonly CommandWords[]): string[] {
  return tree.flatMap(({ path }) => (path === "" ? [] : [path]));
}

function wordsOf(words: readonly Word[]): string {
  return words.map(({ word }) => word).join(" ");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
