import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { cli } from '../support/commandLine.ts';
import { runProgram, temporaryFolder, writeFiles } from '../support/sourceFolder.ts';
import { onTerminal } from '../support/terminal.ts';

/** Some shells are not on every machine; the reason shows in the test's name. */
const has = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0;

/** A folder with the script for a shell, and two files to complete. */
async function folderWithScript(shell: string): Promise<string> {
  const folder = await temporaryFolder();
  const { code, stdout, stderr } = await cli(folder, 'completion', shell);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  await writeFiles(folder, { script: stdout, 'train.py': '', 'model.bin': '' });
  return folder;
}

/** What bash offers for the last of some words. */
async function offered(folder: string, ...words: string[]): Promise<string[]> {
  const program = `
source ./script
COMP_WORDS=("$@")
COMP_CWORD=$(( $# - 1 ))
_runledger
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { code, stdout, stderr } = await runProgram(
    'bash',
    ['--norc', '-uc', program, 'bash', 'runledger', ...words],
    folder,
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.split('\n').filter((word) => word !== '');
}

/** Command lines with TABs in them, each typed when the one before has ended. */
const typed = [
  ['prompt> ', 'runledger model reg\t-n m --model-p\tmod\t--model-framework Py\t\r'],
  ['ran[', 'runledger run submit-s\ttr\t\r'],
  ['ran[', 'exit\r'],
] as const;

describe('completion in bash', () => {
  it('offers commands, options and the values that an option can have', async () => {
    const folder = await folderWithScript('bash');
    expect(await offered(folder, 'mo')).toEqual(['model']);
    expect(await offered(folder, 'model', '')).toEqual(['register', 'list', 'show', 'download', 'update', 'delete']);
    expect(await offered(folder, 'run', 'list', '--st')).toEqual(['--status']);
    expect(await offered(folder, 'run', 'list', '--status', 'C')).toEqual(['CancelRequested', 'Canceled', 'Completed']);
    expect(await offered(folder, 'run', 'list', '--output', '=', 'j')).toEqual(['json']);
    expect(await offered(folder, 'run', 'list', '--output', '=')).toEqual(['table', 'json', 'tsv']);
    expect(await offered(folder, '-o', '')).toEqual(['table', 'json', 'tsv']);
    expect(await offered(folder, 'model', 'register', '--model-framework', 'Sci')).toEqual(['ScikitLearn']);
    expect(await offered(folder, 'run', 'submit-script', '--t')).toEqual(['--target']);
    expect(await offered(folder, 'completion', '')).toEqual([]);
    // Files are bash's own to offer.
    expect(await offered(folder, 'run', 'submit-script', 'tr')).toEqual([]);
    expect(await offered(folder, 'model', 'register', '-p', 'mo')).toEqual([]);
    expect(await offered(folder, 'in')).toEqual([]);
  });

  it('works where TAB is pressed, with files where a file belongs', async () => {
    const folder = await folderWithScript('bash');
    const rc = 'PS1="prompt> "; runledger() { echo "ran[$*]"; }; source ./script\n';
    await writeFiles(folder, { rc });
    const { shown } = await onTerminal(folder, ['bash', '--rcfile', './rc', '-i'], typed);
    expect(shown).toContain('ran[model register -n m --model-path model.bin --model-framework PyTorch]');
    expect(shown).toContain('ran[run submit-script train.py]');
  });
});

describe('completion in other shells', () => {
  it.skipIf(!has('zsh'))('works in zsh, where there is one', async () => {
    const folder = await folderWithScript('zsh');
    const rc = `autoload -U compinit; compinit -u -d ./dump; PS1="prompt> "; runledger() { echo "ran[$*]" }; source ./script\n`;
    await writeFiles(folder, { '.zshrc': rc });
    const { shown } = await onTerminal(folder, ['env', `ZDOTDIR=${folder}`, 'zsh', '-d', '-i'], typed);
    expect(shown).toContain('ran[model register -n m --model-path model.bin --model-framework PyTorch]');
    expect(shown).toContain('ran[run submit-script train.py]');
  });

  it.skipIf(!has('fish'))('works in fish, where there is one', async () => {
    const folder = await folderWithScript('fish');
    const candidates = async (line: string): Promise<string[]> => {
      const program = `source ./script; complete -C ${JSON.stringify(line)}`;
      const { stdout, stderr } = await runProgram('fish', ['--no-config', '-c', program], folder);
      expect(stderr).toBe('');
      return stdout
        .split('\n')
        .filter((text) => text !== '')
        .map((text) => text.split('\t')[0] ?? '')
        .sort();
    };
    expect(await candidates('runledger mo')).toContain('model');
    expect((await candidates('runledger model ')).filter((word) => !word.includes('.'))).toEqual(
      expect.arrayContaining(['register', 'list', 'show', 'download', 'update', 'delete']),
    );
    expect(await candidates('runledger run list --status C')).toEqual(['CancelRequested', 'Canceled', 'Completed']);
    expect(await candidates('runledger run list --stat')).toEqual(['--status']);
    expect(await candidates('runledger model register -p mod')).toEqual(['model.bin']);
    expect(await candidates('runledger run submit-script tr')).toEqual(['train.py']);
  });

  it('refuses a shell that it does not know', async () => {
    expect(await cli(await temporaryFolder(), 'completion', 'cmd')).toMatchObject({ code: 2, stdout: '' });
  });
});
