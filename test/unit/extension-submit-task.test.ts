import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { submitTaskArguments, submitTaskDefinition } from '../../src/extension/tasks/submitTask.ts';
import { cli, json } from '../support/commandLine.ts';
import { temporaryWorkspace } from '../support/temporaryStore.ts';

/** As tasks.json has it. */
const variable = (name: string): string => `\${${name}}`;

describe('a task that submits', () => {
  it('is a call of the command, whose output is the log and whose exit code tells how the run ended', async () => {
    const folder = await temporaryWorkspace();
    await writeFile(
      join(folder, 'train.py'),
      'import sys\nprint("words:", sys.argv[1:])\nsys.exit(len(sys.argv) - 3)\n',
    );
    const task = submitTaskDefinition({
      type: 'runledger',
      script: 'train.py',
      arguments: ['--name', 'two words'],
      experiment: 'from a task',
      runConfiguration: 'local (in place)',
    });
    if (task === undefined) {
      throw new Error('The definition is refused.');
    }
    const { code, stdout } = await cli(folder, ...submitTaskArguments(task, undefined));
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("words: ['--name', 'two words']") });
    expect(await json(folder, 'run', 'list')).toMatchObject([{ experiment: 'from a task', status: 'Completed' }]);
    const failing = submitTaskDefinition({ type: 'runledger', script: 'train.py' });
    expect(failing && (await cli(folder, ...submitTaskArguments(failing, undefined))).code).toBe(1);
  });

  it('is refused where a part is missing or of the wrong type', () => {
    expect(submitTaskDefinition({ type: 'runledger' })).toBeUndefined();
    expect(submitTaskDefinition({ type: 'runledger', script: 'a.py', arguments: '--lr 1' })).toBeUndefined();
  });

  it('keeps variables of the editor, and takes an interpreter along', () => {
    const task = submitTaskDefinition({
      type: 'runledger',
      script: variable('file'),
      arguments: [variable('input:lr')],
    });
    expect(task && submitTaskArguments(task, '/env/bin/python')).toEqual([
      'run',
      'submit-script',
      '-c',
      'local',
      '--python',
      '/env/bin/python',
      variable('file'),
      variable('input:lr'),
    ]);
  });
});
