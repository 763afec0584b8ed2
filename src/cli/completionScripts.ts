/** Scripts with which shells complete the command line, made from commander's own tree: nothing runs when TAB is pressed. */
import type { Command } from 'commander';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** A command, as `runledger run list`. */
interface Level {
  readonly path: string;
  readonly subcommands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly CompletedOption[];
}

interface CompletedOption {
  /** With their dashes. */
  readonly flags: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
}

export function completionScript(program: Command, shell: Shell): string {
  const levels = levelsOf(program, program.name());
  switch (shell) {
    case 'bash':
      return bashScript(program.name(), levels);
    case 'zsh':
      return zshScript(program.name(), levels);
    case 'fish':
      return fishScript(program.name(), levels);
  }
}

function levelsOf(command: Command, path: string): Level[] {
  const help = command.createHelp();
  const visible = help.visibleCommands(command).filter((child) => child.name() !== 'help');
  const level: Level = {
    path,
    subcommands: visible.map((child) => ({ name: child.name(), description: help.subcommandDescription(child) })),
    options: help.visibleOptions(command).map((option) => ({
      flags: option.flags.split(/[ ,|]+/).filter((part) => part.startsWith('-')),
      description: option.description,
      takesValue: option.required || option.optional,
      choices: option.argChoices ?? [],
    })),
  };
  return [level, ...visible.flatMap((child) => levelsOf(child, `${path} ${child.name()}`))];
}

/** A word that no shell takes apart. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function pattern(texts: readonly string[]): string {
  return texts.map(quoted).join('|');
}

/** Branches of a `case` over `<command>:<option>`, for options that take a value. */
function valueBranches(levels: readonly Level[], complete: (choices: readonly string[]) => string): string {
  return levels
    .flatMap(({ path, options }) =>
      options
        .filter(({ takesValue }) => takesValue)
        .map(
          ({ flags, choices }) =>
            `    ${pattern(flags.map((flag) => `${path}:${flag}`))}) ${complete(choices)}; return ;;`,
        ),
    )
    .join('\n');
}

function knownCommands(levels: readonly Level[]): string {
  return pattern(levels.slice(1).map(({ path }) => path));
}

function bashScript(name: string, levels: readonly Level[]): string {
  const words = (texts: readonly string[]): string =>
    `COMPREPLY=($(compgen -W ${quoted(texts.join(' '))} -- "$current"))`;
  const flags = levels.map(
    ({ path, options }) => `      ${quoted(path)}) ${words(options.flatMap((option) => option.flags))} ;;`,
  );
  const subcommands = levels
    .filter((level) => level.subcommands.length > 0)
    .map((level) => `    ${quoted(level.path)}) ${words(level.subcommands.map((child) => child.name))} ;;`);
  return `# Completion of ${name} for bash. In ~/.bashrc: eval "$(${name} completion bash)"
_${name}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command=${quoted(name)} index
  # An equals sign is a word of its own, as in --output=json.
  if [ "$current" = "=" ]; then
    current=""
  elif [ "$previous" = "=" ]; then
    previous="\${COMP_WORDS[COMP_CWORD-2]}"
  fi
  for ((index = 1; index < COMP_CWORD; index++)); do
    case "$command \${COMP_WORDS[index]}" in
      ${knownCommands(levels)}) command="$command \${COMP_WORDS[index]}" ;;
    esac
  done
  COMPREPLY=()
  case "$command:$previous" in
${valueBranches(levels, (choices) => (choices.length === 0 ? ':' : words(choices)))}
  esac
  if [[ "$current" == -* ]]; then
    case "$command" in
${flags.join('\n')}
    esac
    return
  fi
  case "$command" in
${subcommands.join('\n')}
  esac
}
# Where there is nothing to say, files are completed.
complete -o bashdefault -o default -F _${name} ${name}
`;
}

function zshScript(name: string, levels: readonly Level[]): string {
  const described = (pairs: readonly (readonly [string, string])[]): string =>
    pairs.map(([word, description]) => quoted(`${word.replaceAll(':', '\\:')}:${description}`)).join(' ');
  const flags = levels.map(({ path, options }) => {
    const pairs = options.flatMap((option) => option.flags.map((flag) => [flag, option.description] as const));
    return `      ${quoted(path)}) found=(${described(pairs)}) ;;`;
  });
  const subcommands = levels
    .filter((level) => level.subcommands.length > 0)
    .map((level) => {
      const pairs = level.subcommands.map((child) => [child.name, child.description] as const);
      return `    ${quoted(level.path)}) found=(${described(pairs)}) ;;`;
    });
  return `#compdef ${name}
# Completion of ${name} for zsh. In ~/.zshrc, after compinit: eval "$(${name} completion zsh)"
_${name}() {
  local current="\${words[CURRENT]}" previous="\${words[CURRENT-1]}" command=${quoted(name)} word
  local -a found
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$command $word" in
      ${knownCommands(levels)}) command="$command $word" ;;
    esac
  done
  case "$command:$previous" in
${valueBranches(levels, (choices) => (choices.length === 0 ? '_files' : `compadd -- ${choices.map(quoted).join(' ')}`))}
  esac
  if [[ "$current" == -* ]]; then
    case "$command" in
${flags.join('\n')}
    esac
    _describe option found
    return
  fi
  case "$command" in
${subcommands.join('\n')}
    *) _files; return ;;
  esac
  _describe command found
}
if [[ "\${funcstack[1]}" == "_${name}" ]]; then
  _${name} "$@"
else
  compdef _${name} ${name}
fi
`;
}

function fishScript(name: string, levels: readonly Level[]): string {
  const text = (value: string): string => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const at = (path: string): string => `complete -c ${name} -n ${text(`__${name}_at "${path}"`)}`;
  const lines = levels.flatMap(({ path, subcommands, options }) => [
    ...subcommands.map((child) => `${at(path)} -f -a ${text(child.name)} -d ${text(child.description)}`),
    ...options.map(({ flags, description, takesValue, choices }) => {
      const names = flags
        .map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`))
        .join(' ');
      const value =
        choices.length > 0
          ? ` -x -a ${text(choices.map((choice) => `"${choice}"`).join(' '))}`
          : takesValue
            ? ' -r'
            : '';
      return `${at(path)} ${names} -d ${text(description)}${value}`;
    }),
  ]);
  return `# Completion of ${name} for fish. In ~/.config/fish/config.fish: ${name} completion fish | source
function __${name}_at
  set -l command ${name}
  for word in (commandline -opc)[2..-1]
    switch "$command $word"
      case ${levels
        .slice(1)
        .map(({ path }) => text(path))
        .join(' ')}
        set command "$command $word"
    end
  end
  test "$command" = "$argv[1]"
end
${lines.join('\n')}
`;
}
