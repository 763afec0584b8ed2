import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { valueWithoutSecrets, withoutSecrets } from '../../src/core/base/secretValues.ts';
import { uncommittedDiffFile } from '../../src/core/store/storeLayout.ts';
import { readGitInfo, readUncommittedDiff, withoutCredentials } from '../../src/core/submission/gitInfo.ts';
import { sourceFolder, writeFiles } from '../support/sourceFolder.ts';
import { ended, folderOf, newCase } from '../support/submittedRun.ts';
import { openTestCatalog } from '../support/temporaryStore.ts';

afterEach(() => vi.unstubAllEnvs());

describe('what git says', () => {
  const git = (folder: string, ...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.org', ...args], {
      cwd: folder,
      encoding: 'utf8',
    }).trim();

  it('becomes properties of the run, without credentials', async () => {
    const { workspaceFolder, source, submit } = await newCase({ 'train.py': '' });
    git(source, 'init', '-q', '-b', 'topic');
    git(source, 'remote', 'add', 'backup', 'https://example.org/backup.git');
    git(source, 'remote', 'add', 'origin', 'https://mara:ghp_secret@example.org/mara/iris.git');
    git(source, 'add', '.');
    git(source, 'commit', '-q', '-m', 'first');
    const commit = git(source, 'rev-parse', 'HEAD');
    expect(await readGitInfo(source)).toEqual({
      repositoryUrl: 'https://example.org/mara/iris.git',
      branch: 'topic',
      commit,
      isDirty: false,
    });
    await writeFiles(source, { 'new.py': '' });
    const { runId } = await submit();
    const catalog = await openTestCatalog(workspaceFolder);
    expect((await catalog.details(runId)).properties).toEqual({
      'azureml.git.repository_uri': 'https://example.org/mara/iris.git',
      'mlflow.source.git.repoURL': 'https://example.org/mara/iris.git',
      'azureml.git.branch': 'topic',
      'mlflow.source.git.branch': 'topic',
      'azureml.git.commit': commit,
      'mlflow.source.git.commit': commit,
      'azureml.git.dirty': 'True',
    });
    git(source, 'checkout', '-q', '--detach');
    expect(await readGitInfo(source)).toMatchObject({ branch: undefined, commit });
  });

  it('is kept as a diff of what was not committed, whatever the person has configured', async () => {
    const { workspaceFolder, source, submit } = await newCase({ 'train.py': 'print(1)\n', 'kept.py': '' });
    git(source, 'init', '-q', '-b', 'main');
    git(source, 'config', 'diff.noprefix', 'true');
    git(source, 'config', 'color.ui', 'always');
    git(source, 'add', '.');
    git(source, 'commit', '-q', '-m', 'first');
    expect(await readUncommittedDiff(source)).toBeUndefined();
    await writeFiles(source, { 'train.py': 'print(2)\n   \n' });
    const { runId } = await submit();
    await ended(workspaceFolder, runId);
    const diff = await readFile(uncommittedDiffFile(await folderOf(workspaceFolder, runId)), 'utf8');
    expect(diff).toContain('--- a/train.py\n+++ b/train.py\n');
    expect(diff.endsWith('-print(1)\n+print(2)\n+   \n')).toBe(true);
  });

  it('is nothing without a repository, and little without a commit', async () => {
    const source = await sourceFolder({ 'train.py': '' });
    expect(await readGitInfo(source)).toBeUndefined();
    git(source, 'init', '-q', '-b', 'main');
    expect(await readGitInfo(source)).toEqual({
      repositoryUrl: undefined,
      branch: 'main',
      commit: undefined,
      isDirty: true,
    });
    vi.stubEnv('PATH', source);
    expect(await readGitInfo(source)).toBeUndefined();
  });

  it.each([
    ['https://user:token@host/x.git', 'https://host/x.git'],
    ['https://token@host/x.git?access=1#y', 'https://host/x.git'],
    ['ssh://git:pw@host:22/x.git', 'ssh://git@host:22/x.git'],
    ['git@host:mara/x.git', 'git@host:mara/x.git'],
    ['/srv/git/x.git', '/srv/git/x.git'],
    ['https://user:to ken@[bad/x.git', 'https://[bad/x.git'],
  ])('is shown without credentials: %s', (url, shown) => {
    expect(withoutCredentials(url)).toBe(shown);
  });
});

it('secrets anywhere in a value are left out, and the rest of it stays', () => {
  const value = {
    name: 'vision',
    docker: { baseImageRegistry: { address: 'a', password: 'hunter2' } },
    python: {
      condaDependencies: { dependencies: ['numpy', { pip: ['--index-url https://u:p@h/simple', 'x==1'] }] },
      options: ['-i https://u:p@h/a --extra-index-url http://v:q@i/b', 'git+https://ghp_1@h/x', 'git+ssh://git@h/x'],
    },
    password: '',
    version: null,
  };
  expect(valueWithoutSecrets(value)).toEqual({
    ...value,
    docker: { baseImageRegistry: { address: 'a', password: '(hidden)' } },
    python: {
      condaDependencies: { dependencies: ['numpy', { pip: ['--index-url https://(hidden)@h/simple', 'x==1'] }] },
      options: [
        '-i https://(hidden)@h/a --extra-index-url http://(hidden)@i/b',
        'git+https://(hidden)@h/x',
        'git+ssh://git@h/x',
      ],
    },
  });
});

it('secrets among environment variables are known by name or value', () => {
  const secret = [
    'HF_TOKEN',
    'AWS_SECRET_ACCESS_KEY',
    'DB_PASSWORD',
    'api_key',
    'OPENAI_APIKEY',
    'PGPASS',
    'CONNECTION_STRING',
    'MY_SAS',
  ];
  const open = ['OMP_NUM_THREADS', 'PATH', 'KEYBOARD', 'PASSES', 'DATA_DIR', 'AUTHOR'];
  const stored = withoutSecrets(Object.fromEntries([...secret, ...open].map((name) => [name, 'x'])));
  expect(Object.keys(stored).filter((name) => stored[name] === '(hidden)')).toEqual(secret);
  expect(withoutSecrets({ URL: 'postgres://u:p@h/db', PROXY: 'http://h:80/' })).toEqual({
    URL: '(hidden)',
    PROXY: 'http://h:80/',
  });
});
