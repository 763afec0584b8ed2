import { Argument, type Command } from 'commander';
import { completionScript, type Shell, shells } from '../completionScripts.ts';
import type { CliContext } from '../context.ts';

export function addCompletion(program: Command, context: CliContext): void {
  program
    .command('completion')
    .description('Prints a script with which a shell completes commands, options and their values.')
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .addHelpText(
      'after',
      `
In ~/.bashrc:                 eval "$(runledger completion bash)"
In ~/.zshrc, after compinit:  eval "$(runledger completion zsh)"
In config.fish:               runledger completion fish | source

Example:
  runledger completion bash > ~/.local/share/bash-completion/completions/runledger`,
    )
    .action((shell: Shell) => {
      context.stdout.write(completionScript(program, shell));
    });
}
