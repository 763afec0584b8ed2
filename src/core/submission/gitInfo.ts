import { execFile } from 'node:child_process';
import { relative, sep } from 'node:path';
import { isInside } from '../snapshots/sourceFiles.ts';

/** The state of the repository that holds the source. */
export interface GitInfo {
  /** Without credentials; undefined where there is no remote. */
  readonly repositoryUrl: string | undefined;
  /** Undefined on a detached head. */
  readonly branch: string | undefined;
  /** Undefined before the first commit. */
  readonly commit: string | undefined;
  /** Whether the source folder has changes that are not committed; undefined where telling takes too long. */
  readonly isDirty: boolean | undefined;
}

const timeoutMs = 3000;
const longestDiff = 8_000_000;

/** Undefined where the folder is in no repository, or there is no git. Never rejects: a run can do without. */
export async function readGitInfo(folder: string): Promise<GitInfo | undefined> {
  if ((await git(folder, 'rev-parse', '--is-inside-work-tree')) !== 'true') {
    return undefined;
  }
  const [commit, branch, remotes, changes] = await Promise.all([
    git(folder, 'rev-parse', '--verify', '--quiet', 'HEAD'),
    git(folder, 'symbolic-ref', '--quiet', '--short', 'HEAD'),
    git(folder, 'config', '--get-regexp', String.raw`^remote\..*\.url$`),
    git(folder, 'status', '--porcelain', '--', '.'),
  ]);
  return {
    repositoryUrl: remoteUrl(remotes),
    branch: branch || undefined,
    commit: commit || undefined,
    isDirty: changes === undefined ? undefined : changes !== '',
  };
}

/**
 * What the source folder holds that is not committed, as `git diff` tells it: files that git does not know are not in it.
 * Undefined where there is nothing, or where it is longer than anybody reads.
 *
 * @param leftOut a file that is not in it, absolute
 */
export async function readUncommittedDiff(folder: string, leftOut?: string): Promise<string | undefined> {
  const format = ['--no-color', '--no-ext-diff', '--no-textconv', '--src-prefix=a/', '--dst-prefix=b/'];
  // What is never in a snapshot, as its values are nobody's business, is in no diff either.
  const others =
    leftOut === undefined || !isInside(folder, leftOut) ? [] : [relative(folder, leftOut).split(sep).join('/')];
  const excluded = [':(exclude,glob)**/.env', ...others.map((path) => `:(exclude,literal)${path}`)];
  const diff = await git(folder, 'diff', ...format, 'HEAD', '--', '.', ...excluded);
  return diff === undefined || diff === '' || diff.length > longestDiff ? undefined : `${diff}\n`;
}

/** The properties that Azure ML gave to runs, under their names. */
export function gitProperties(info: GitInfo | undefined): Record<string, string> {
  const properties: Record<string, string> = {};
  const set = (value: string | undefined, ...names: readonly string[]): void => {
    for (const name of value === undefined ? [] : names) {
      properties[name] = value ?? '';
    }
  };
  set(info?.repositoryUrl, 'azureml.git.repository_uri', 'mlflow.source.git.repoURL');
  set(info?.branch, 'azureml.git.branch', 'mlflow.source.git.branch');
  set(info?.commit, 'azureml.git.commit', 'mlflow.source.git.commit');
  set(info?.isDirty === undefined ? undefined : info.isDirty ? 'True' : 'False', 'azureml.git.dirty');
  return properties;
}

/** Git's answer, without the end of its last line; undefined where it fails or takes too long. */
function git(folder: string, ...args: readonly string[]): Promise<string | undefined> {
  // Submitting from a git hook must not look at the repository of the hook.
  const { GIT_DIR: _dir, GIT_WORK_TREE: _tree, GIT_INDEX_FILE: _index, ...environment } = process.env;
  const options = {
    cwd: folder,
    env: { ...environment, GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
    timeout: timeoutMs,
    maxBuffer: 64 * 1024 * 1024,
    windowsHide: true,
    encoding: 'utf8',
  } as const;
  return new Promise((resolve) => {
    execFile('git', ['-c', 'core.fsmonitor=false', ...args], options, (error, stdout) => {
      resolve(error === null ? stdout.replace(/\n$/, '') : undefined);
    });
  });
}

function remoteUrl(configuration: string | undefined): string | undefined {
  const remotes = (configuration ?? '').split('\n').flatMap((line) => {
    const match = /^remote\.(.*)\.url (.+)$/.exec(line);
    return match === null ? [] : [{ name: match[1] ?? '', url: match[2] ?? '' }];
  });
  const chosen = remotes.find((remote) => remote.name === 'origin') ?? remotes[0];
  return chosen === undefined ? undefined : withoutCredentials(chosen.url);
}

/** A repository's address without user, password and query of a web address, and without the password of any other. */
export function withoutCredentials(url: string): string {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(url)) {
    // A path, or `git@host:path`, where the name is the server's and not the user's.
    return url;
  }
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return url.replace(/\/\/[^/]*@/, '//');
  }
  parsed.password = '';
  if (/^https?:$/.test(parsed.protocol)) {
    parsed.username = '';
    parsed.search = '';
    parsed.hash = '';
  }
  return parsed.href;
}
