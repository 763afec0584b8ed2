import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEnvironmentFile } from '../../src/core/submission/environmentFile.ts';
import { readUncommittedDiff } from '../../src/core/submission/gitInfo.ts';
import { cli, json } from '../support/commandLine.ts';
import { sourceFolder, temporaryFolder } from '../support/sourceFolder.ts';
import { type Case, ended, folderOf, newCase } from '../support/submittedRun.ts';

const secret = 'wert-4711-hemlig';
const script = `
import os
found = [os.environ.get(name) for name in ("GREETING", "OWN", "API_TOKEN")]
assert found == ["${secret}", "of the configuration", "${secret}"], "not what was expected"
`;

/** Every file below a folder whose bytes hold a text. */
async function filesWith(folder: string, text: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && (await readFile(path)).includes(text)) {
      found.push(path);
    }
  }
  return found;
}

async function outcomeOf({ workspaceFolder }: Case, runId: string): Promise<unknown> {
  const { summary, submission } = await ended(workspaceFolder, runId);
  return [summary.status, summary.failure?.message, submission?.environmentVariables];
}

describe('a file of variables', () => {
  it('gives them to the script, and only their names to what is kept', async () => {
    const made = await newCase({
      'train.py': script,
      '.env': `# comment\nexport GREETING="${secret}"\nOWN=of the file\n`,
      'own.runconfig': `environmentVariables: {OWN: of the configuration, API_TOKEN: ${secret}}\n`,
    });
    const { runId } = await made.submit({ runConfiguration: 'own' });
    expect(await outcomeOf(made, runId)).toEqual([
      'Completed',
      undefined,
      { GREETING: '(hidden)', OWN: 'of the configuration', API_TOKEN: '(hidden)' },
    ]);
    expect(await filesWith(await folderOf(made.workspaceFolder, runId), secret)).toEqual([]);
    const shown = await json<object>(made.workspaceFolder, 'run', 'show', '-r', runId);
    expect(shown).toMatchObject({ environmentVariables: { GREETING: '(hidden)' } });
    const { stdout } = await cli(made.workspaceFolder, 'run', 'show', '-r', runId);
    expect(stdout).toContain('Environment variables:\n  GREETING = (hidden)\n');
  });

  it('is in no snapshot, and in no diff', async () => {
    const made = await newCase({
      'train.py': '',
      '.env': `A=${secret}\n`,
      'more/.env': `A=${secret}\n`,
      'secrets.txt': `A=${secret}\n`,
      'named.runconfig': 'envFile: secrets.txt\n',
    });
    const git = (...args: string[]): string =>
      execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.org', ...args], {
        cwd: made.source,
        encoding: 'utf8',
      });
    git('init', '-q');
    git('add', '.');
    git('commit', '-q', '-m', 'first');
    for (const name of ['.env', 'more/.env', 'secrets.txt']) {
      await writeFile(join(made.source, name), `A=${secret}-changed\n`);
    }
    await writeFile(join(made.source, 'train.py'), 'print("changed")\n');
    const { runId } = await made.submit({ runConfiguration: 'named' });
    const details = await ended(made.workspaceFolder, runId);
    expect(details.snapshot).toMatchObject({ files: 2 });
    expect(details.submission?.environmentVariables).toEqual({ A: '(hidden)' });
    const diff = await readUncommittedDiff(made.source, join(made.source, 'secrets.txt'));
    expect(diff).toContain('print("changed")');
    expect(diff).not.toContain(secret);
    expect(await filesWith(await folderOf(made.workspaceFolder, runId), secret)).toEqual([]);
  });

  it('is the one that is named, else the one that is set, else that of the source folder, else of the workspace', async () => {
    const sourceDirectory = await sourceFolder({ 'x/own.env': 'A=own\n', 'set.env': 'A=set\n' });
    const workspaceFolder = await temporaryFolder();
    const found = async (envFile: string | undefined, chosen?: string): Promise<unknown> =>
      (await readEnvironmentFile({ name: 'c', envFile }, { sourceDirectory, workspaceFolder, chosen }))?.variables.A;
    expect(await found(undefined)).toBeUndefined();
    await writeFile(join(workspaceFolder, '.env'), 'A=workspace\n');
    expect(await found(undefined)).toBe('workspace');
    // As some virtual environments are called.
    await mkdir(join(sourceDirectory, '.env'));
    expect(await found(undefined)).toBe('workspace');
    expect(await found(undefined, join(sourceDirectory, 'set.env'))).toBe('set');
    expect(await found(undefined, join(sourceDirectory, 'gone.env'))).toBe('workspace');
    expect(await found('x/own.env', join(sourceDirectory, 'set.env'))).toBe('own');
    expect(await found('')).toBeUndefined();
    await expect(found('gone.env')).rejects.toMatchObject({
      reason: 'invalid-run-configuration',
      message: `The run configuration "c" takes variables from ${join(sourceDirectory, 'gone.env')}, which does not exist.`,
    });
  });
});
