import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { access, cp, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { RunledgerError } from '../../src/core/base/errors.ts';
import type { RunCatalog } from '../../src/core/catalog/runCatalog.ts';
import type { RunDetails } from '../../src/core/domain/run.ts';
import { isTerminal } from '../../src/core/domain/runStatus.ts';
import type { ProcessIdentity } from '../../src/core/store/journalRecords.ts';
import { bootId, currentProcessIdentity, livenessOf } from '../../src/core/store/processIdentity.ts';
import { activeMarker, findRunFolder, storeFolder, workspaceFile } from '../../src/core/store/storeLayout.ts';
import { cancelRun } from '../../src/core/submission/cancelRun.ts';
import { readGitInfo, withoutCredentials } from '../../src/core/submission/gitInfo.ts';
import { withoutSecrets } from '../../src/core/submission/secretVariables.ts';
import type { SubmitProgress, SubmitRequest, SubmittedRun } from '../../src/core/submission/submission.ts';
import { type SubmitOptions, submitRun } from '../../src/core/submission/submitRun.ts';
import {
  pythonSdkFolder,
  runProgram,
  shellProgram,
  sourceFolder,
  temporaryFolder,
  writeFiles,
} from '../support/sourceFolder.ts';
import {
  collector,
  newRun,
  onCleanup,
  openTestCatalog,
  openTestJournal,
  record,
  temporaryWorkspace,
} from '../support/temporaryStore.ts';

afterEach(() => vi.unstubAllEnvs());

interface Case {
  readonly workspaceFolder: string;
  readonly source: string;
  submit(request?: Partial<SubmitRequest>, options?: Partial<SubmitOptions>): Promise<SubmittedRun>;
}

/** A workspace, and beside it a source folder with `train.py`. */
async function newCase(files: Readonly<Record<string, string>>): Promise<Case> {
  const workspaceFolder = await temporaryWorkspace();
  const source = await sourceFolder(files);
  return {
    workspaceFolder,
    source,
    submit: (request = {}, options = {}) =>
      submitRun(
        {
          workspaceFolder,
          experiment: 'iris',
          scriptPath: join(source, 'train.py'),
          sourceDirectory: source,
          arguments: [],
          runConfiguration: 'local',
          interpreterCandidates: [],
          ...request,
        },
        { pythonSdkFolder, ...options },
      ),
  };
}

async function until(
  catalog: RunCatalog,
  runId: string,
  isWanted: (details: RunDetails) => boolean,
): Promise<RunDetails> {
  const deltas = collector((listener) => catalog.follow(runId, listener));
  for (;;) {
    // Counted before the reading: what comes meanwhile may tell what was read too early.
    const seen = deltas.values.length;
    const details = await catalog.details(runId);
    if (isWanted(details)) {
      return details;
    }
    await deltas.until((values) => values.length > seen);
  }
}

async function ended(workspaceFolder: string, runId: string): Promise<RunDetails> {
  return until(await openTestCatalog(workspaceFolder), runId, ({ summary }) => isTerminal(summary.status));
}

async function folderOf(workspaceFolder: string, runId: string): Promise<string> {
  return (await findRunFolder(workspaceFolder, runId)) ?? '';
}

async function runIds(workspaceFolder: string): Promise<string[]> {
  return readdir(join(storeFolder(workspaceFolder), 'experiments', 'iris', 'runs')).catch(() => []);
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const reportScript = `
import json, os, sys
os.makedirs('outputs', exist_ok=True)
with open('outputs/report.json', 'w') as f:
    json.dump({
        'arguments': sys.argv[1:], 'cwd': os.getcwd(), 'environment': dict(os.environ),
        'executable': sys.executable, 'files': sorted(os.listdir('.')), 'path': sys.path,
    }, f)
`;

async function reportOf(details: RunDetails): Promise<{
  arguments: string[];
  cwd: string;
  environment: Record<string, string>;
  executable: string;
  files: string[];
  path: string[];
}> {
  return JSON.parse(await readFile(join(details.folder, 'artifacts', 'outputs', 'report.json'), 'utf8'));
}

describe('submitting', () => {
  it('runs the snapshot, with what the run configuration says, and tells how it goes on', async () => {
    vi.stubEnv('ELECTRON_RUN_AS_NODE', '1');
    vi.stubEnv('VSCODE_PID', '1');
    vi.stubEnv('PYTHONPATH', '/the/users/own');
    const { workspaceFolder, source, submit } = await newCase({
      'train.py': reportScript,
      '.amlignore': 'secret.txt\n',
      'secret.txt': '',
      '.azureml/cpu.runconfig': `
arguments: [from, configuration]
maxRunDurationSeconds: 300
nodeCount: 2
environment:
  environmentVariables: {OMP_NUM_THREADS: 3, HF_TOKEN: hf_very_secret}
`,
    });
    const progress: SubmitProgress[] = [];
    const { runId, number, experiment, status, warnings } = await submit(
      { runConfiguration: 'cpu', displayName: 'first', tags: { a: 'b' } },
      { onProgress: (step) => progress.push(step), createdBy: 'test/2' },
    );
    expect({ number, experiment, status }).toEqual({ number: 1, experiment: 'iris', status: 'Starting' });
    expect(warnings).toEqual([expect.stringContaining('nodeCount')]);
    expect(progress.map(({ phase }) => phase).filter((phase, index, all) => phase !== all[index - 1])).toEqual([
      'preparing',
      'snapshot',
      'starting',
    ]);

    const details = await ended(workspaceFolder, runId);
    expect(details.summary).toMatchObject({
      status: 'Completed',
      exitCode: 0,
      script: 'train.py',
      target: 'local',
      displayName: 'first',
    });
    expect(details).toMatchObject({ warnings, tags: { a: 'b' }, snapshot: { files: 3 } });
    const report = await reportOf(details);
    expect(report.arguments).toEqual(['from', 'configuration']);
    expect(report.cwd).not.toBe(source);
    expect(report.files).not.toContain('secret.txt');
    expect(report.executable).toBe(details.submission?.interpreter);
    expect(report.environment).toMatchObject({
      OMP_NUM_THREADS: '3',
      HF_TOKEN: 'hf_very_secret',
      RUNLEDGER_RUN_ID: runId,
      PYTHONPATH: [pythonSdkFolder, join(pythonSdkFolder, 'compat'), '/the/users/own'].join(':'),
    });
    expect(report.environment).not.toHaveProperty('VSCODE_PID');
    expect(report.environment).not.toHaveProperty('ELECTRON_RUN_AS_NODE');

    const stored = await readFile(join(details.folder, 'run.json'), 'utf8');
    expect(stored).not.toContain('hf_very_secret');
    expect(JSON.parse(stored)).toMatchObject({
      createdBy: 'test/2',
      type: 'azureml.scriptrun',
      submission: {
        script: 'train.py',
        command: null,
        arguments: ['from', 'configuration'],
        sourceDirectory: source,
        inPlace: false,
        target: 'local',
        runConfiguration: 'cpu',
        environmentVariables: { OMP_NUM_THREADS: '3', HF_TOKEN: '(hidden)' },
        maxRunDurationSeconds: 300,
      },
    });
    expect(await isThere(activeMarker(workspaceFolder, runId))).toBe(false);
  });

  it('in place runs in the source folder, and takes the snapshot all the same', async () => {
    const { workspaceFolder, source, submit } = await newCase({ 'train.py': reportScript, 'sub/x.py': '' });
    const { runId } = await submit({ runConfiguration: 'local (in place)', arguments: ['--a', 'b c'] });
    const details = await ended(workspaceFolder, runId);
    expect(details.summary.status).toBe('Completed');
    expect(details.snapshot?.files).toBe(2);
    const report = await reportOf(details);
    expect(report).toMatchObject({ cwd: source, arguments: ['--a', 'b c'] });
  });

  it('without a snapshot, where the run configuration says so, says so', async () => {
    const { workspaceFolder, source, submit } = await newCase({
      'train.py': reportScript,
      'bare.runconfig': 'history: {snapshotProject: false}\n',
    });
    const { runId, warnings } = await submit({ runConfiguration: 'bare' });
    expect(warnings).toHaveLength(1);
    const details = await ended(workspaceFolder, runId);
    expect(details).toMatchObject({ snapshot: undefined, warnings });
    expect((await reportOf(details)).cwd).toBe(source);
  });

  it("takes the run configuration's interpreter before the others, from the source folder", async () => {
    const { workspaceFolder, source, submit } = await newCase({
      'train.py': reportScript,
      'venv.runconfig': 'environment: {python: {userManagedDependencies: true, interpreterPath: .venv/bin/python}}\n',
    });
    await mkdir(join(source, '.venv', 'bin'), { recursive: true });
    const { stdout } = await runProgram('python3', ['-c', 'import sys; print(sys.executable)'], source);
    await symlink(stdout.trim(), join(source, '.venv', 'bin', 'python'));
    const { runId } = await submit({ runConfiguration: 'venv', interpreterCandidates: ['/no/such/python'] });
    const details = await ended(workspaceFolder, runId);
    expect(details.submission?.interpreter).toBe(join(source, '.venv', 'bin', 'python'));
  });

  it('records how the script failed', async () => {
    const { workspaceFolder, submit } = await newCase({ 'train.py': "raise ValueError('no such luck')\n" });
    const { runId } = await submit();
    const { summary } = await ended(workspaceFolder, runId);
    expect(summary).toMatchObject({
      status: 'Failed',
      exitCode: 1,
      failure: { type: 'ValueError', message: 'no such luck' },
    });
  });

  it('takes a script below the source folder, and a source folder under another name', async () => {
    const { workspaceFolder, source, submit } = await newCase({ 'steps/train one.py': reportScript });
    const alias = join(await temporaryFolder(), 'alias');
    await symlink(source, alias);
    const { runId } = await submit({ scriptPath: join(alias, 'steps', 'train one.py') });
    expect((await ended(workspaceFolder, runId)).summary).toMatchObject({
      status: 'Completed',
      script: 'steps/train one.py',
    });
  });
});

describe('a submission that cannot be', () => {
  it.each<[string, Partial<SubmitRequest>, Partial<RunledgerError>]>([
    [
      'a script that is missing',
      { scriptPath: '/nowhere/train.py' },
      { reason: 'script-not-found', message: expect.stringContaining('/nowhere/train.py') },
    ],
    ['a script that is a folder', { scriptPath: '/tmp' }, { reason: 'script-not-found' }],
    [
      'a script outside the source folder',
      { sourceDirectory: '/usr/bin' },
      { reason: 'invalid-argument', message: expect.stringContaining('/usr/bin') },
    ],
    [
      'a source folder that is missing',
      { sourceDirectory: '/nowhere' },
      { reason: 'invalid-argument', message: expect.stringContaining('/nowhere') },
    ],
    ['a bad name', { experiment: '../escape' }, { reason: 'invalid-name' }],
    ['no such run configuration', { runConfiguration: 'nobody' }, { reason: 'not-found' }],
    [
      'an interpreter that is missing',
      { interpreterCandidates: ['/no/python'] },
      { reason: 'interpreter-not-found', message: expect.stringContaining('/no/python') },
    ],
    ['no workspace', { workspaceFolder: '/usr' }, { reason: 'not-a-store' }],
  ])('says so and makes no run: %s', async (_what, request, error) => {
    const { workspaceFolder, submit } = await newCase({ 'train.py': '' });
    await expect(submit(request)).rejects.toMatchObject({ name: 'RunledgerError', ...error });
    expect(await runIds(workspaceFolder)).toEqual([]);
  });

  it('says so and makes no run: a syntax error, an old Python, a bad run configuration, an ignored script', async () => {
    const { workspaceFolder, source, submit } = await newCase({
      'train.py': 'def f(:\n',
      'fine.py': '',
      'hidden/train.py': '',
      '.gitignore': 'hidden/\n',
      'bad.runconfig': 'target: local\narguments: 3\n',
      'cloud.runconfig': 'target: cpu-cluster\n',
    });
    const fine = join(source, 'fine.py');
    await expect(submit()).rejects.toMatchObject({ reason: 'script-syntax', line: 1, file: join(source, 'train.py') });
    const old = await shellProgram(source, 'old-python', 'echo Python 3.7.9');
    await expect(submit({ scriptPath: fine, interpreterCandidates: [old] })).rejects.toMatchObject({
      reason: 'interpreter-too-old',
    });
    await expect(submit({ scriptPath: fine, runConfiguration: 'bad' })).rejects.toMatchObject({
      reason: 'invalid-run-configuration',
      message: expect.stringContaining('bad.runconfig, line 2, column 12'),
    });
    await expect(submit({ scriptPath: fine, runConfiguration: 'cloud' })).rejects.toMatchObject({
      reason: 'unsupported-target',
    });
    const hidden = join(source, 'hidden', 'train.py');
    await expect(submit({ scriptPath: hidden })).rejects.toMatchObject({
      reason: 'invalid-argument',
      message: expect.stringContaining('.gitignore'),
    });
    expect(await runIds(workspaceFolder)).toEqual([]);
    await expect(submit({ scriptPath: hidden, runConfiguration: 'local (in place)' })).resolves.toMatchObject({
      number: 1,
    });
  });

  it('leaves a store of a newer version alone', async () => {
    const { workspaceFolder, submit } = await newCase({ 'train.py': '' });
    const text = (await readFile(workspaceFile(workspaceFolder), 'utf8')).replace('"format": 1', '"format": 2');
    await writeFile(workspaceFile(workspaceFolder), text);
    await expect(submit()).rejects.toMatchObject({
      reason: 'newer-format',
      advice: expect.stringContaining('Update Runledger'),
    });
    expect(await readFile(workspaceFile(workspaceFolder), 'utf8')).toBe(text);
    expect(await runIds(workspaceFolder)).toEqual([]);
  });

  it('names the folder that cannot be written', async () => {
    const { workspaceFolder, submit } = await newCase({ 'train.py': '' });
    await rm(join(storeFolder(workspaceFolder), 'experiments'), { recursive: true });
    await writeFile(join(storeFolder(workspaceFolder), 'experiments'), 'a file where the folder should be');
    await expect(submit()).rejects.toSatisfy(
      (error: unknown) => error instanceof RunledgerError && error.message.includes(storeFolder(workspaceFolder)),
    );
  });
});

/** A small file system of its own can be full, or read only, for root too. */
const canMount = process.getuid?.() === 0 && process.platform === 'linux' && isMountAllowed();

function isMountAllowed(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'runledger-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder]);
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(folder);
  }
}

describe.runIf(canMount)('a store on a file system of its own', () => {
  async function mountedCase() {
    const { workspaceFolder, submit } = await newCase({
      'train.py': "print('hello')\n",
      'noise.bin': randomBytes(600_000).toString('base64'),
    });
    const folder = storeFolder(workspaceFolder);
    const aside = join(workspaceFolder, 'aside');
    await rename(folder, aside);
    await mkdir(folder);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', folder]);
    onCleanup(() => {
      execFileSync('umount', ['-l', folder]);
    });
    await cp(aside, folder, { recursive: true });
    return { workspaceFolder, folder, submit };
  }

  it('that has no room for the snapshot fails the run with that reason, and keeps what is there', async () => {
    const { workspaceFolder, folder, submit } = await mountedCase();
    const { runId, status } = await submit();
    expect(status).toBe('Failed');
    const { summary } = await ended(workspaceFolder, runId);
    expect(summary.failure).toMatchObject({
      message: expect.stringContaining('no space is left'),
      advice: expect.stringContaining('Free some space'),
    });
    expect(await readdir(join(folder, 'snapshots'))).toEqual([]);
  });

  it('that is full refuses, and what is there can be read', async () => {
    const { workspaceFolder, folder, submit } = await mountedCase();
    const { runId } = await submit();
    await writeFile(join(folder, 'filler'), Buffer.alloc(512 * 1024)).catch(() => {});
    await expect(submit()).rejects.toMatchObject({ reason: 'disk-full' });
    const catalog = await openTestCatalog(workspaceFolder);
    const { items } = await catalog.runs({ experimentKey: 'iris', limit: 10 });
    expect(items.map((entry) => entry.id)).toEqual([runId]);
  });

  it('that cannot be written refuses', async () => {
    const { workspaceFolder, folder, submit } = await mountedCase();
    execFileSync('mount', ['-o', 'remount,ro', folder]);
    await expect(submit()).rejects.toMatchObject({
      reason: 'not-writable',
      message: expect.stringContaining(workspaceFolder),
    });
  });
});

describe('a run that could not be started', () => {
  it('is Failed with the reason where the snapshot cannot be stored', async () => {
    const { workspaceFolder, submit } = await newCase({ 'train.py': '' });
    await rm(join(storeFolder(workspaceFolder), 'snapshots'), { recursive: true });
    await writeFile(join(storeFolder(workspaceFolder), 'snapshots'), 'a file where the folder should be');
    const { runId, status } = await submit();
    expect(status).toBe('Failed');
    const { summary } = await ended(workspaceFolder, runId);
    expect(summary).toMatchObject({ status: 'Failed', failure: { message: expect.stringContaining('snapshot') } });
    expect(await isThere(activeMarker(workspaceFolder, runId))).toBe(false);
  });

  it.each([
    ['is not there', undefined, /exit code 1\).*No module named/],
    ['refuses', 'print(\'{"error": "The disk is on fire."}\')', /The run could not be started: The disk is on fire\./],
    ['says something else', "print('hello')", /it answered "hello"/],
    ['ends by a signal', 'import os; os.kill(os.getpid(), 9)', /signal SIGKILL/],
  ])('is Failed with the reason where the supervisor %s', async (_what, program, message) => {
    const { workspaceFolder, submit } = await newCase({ 'train.py': '' });
    const sdk = await temporaryFolder();
    if (program !== undefined) {
      await writeFiles(sdk, { 'runledger/__init__.py': '', 'runledger/supervisor.py': program });
    }
    const { runId, status } = await submit({}, { pythonSdkFolder: sdk });
    expect(status).toBe('Failed');
    const { summary, folder } = await ended(workspaceFolder, runId);
    expect(summary.failure?.message).toMatch(message);
    expect(summary.failure?.advice).toContain('logs/system_log.txt');
    expect(await isThere(join(folder, 'artifacts', 'logs', 'system_log.txt'))).toBe(true);
  });

  it('is Canceled where the signal came before', async () => {
    const { workspaceFolder, submit } = await newCase({ 'train.py': '' });
    const stop = new AbortController();
    const onProgress = ({ phase }: SubmitProgress): void => {
      if (phase === 'snapshot') {
        stop.abort();
      }
    };
    const { runId, status } = await submit({}, { signal: stop.signal, onProgress });
    expect(status).toBe('Canceled');
    expect((await ended(workspaceFolder, runId)).summary.status).toBe('Canceled');
    await expect(submit({}, { signal: stop.signal })).rejects.toMatchObject({ reason: 'canceled' });
    expect(await runIds(workspaceFolder)).toHaveLength(1);
  });

  it('is Canceled where somebody canceled it by its id meanwhile', async () => {
    const { workspaceFolder, submit } = await newCase({ 'train.py': '' });
    let canceled: Promise<void> | undefined;
    const submitted = await submit(
      {},
      {
        onProgress: ({ phase }) => {
          if (phase === 'snapshot') {
            canceled ??= runIds(workspaceFolder).then(([runId = '']) => cancelRun(workspaceFolder, runId));
          }
        },
      },
    );
    await canceled;
    const { summary } = await ended(workspaceFolder, submitted.runId);
    expect(summary.status).toBe('Canceled');
  });
});

describe('canceling', () => {
  const sleeper = `
import subprocess, sys, time
child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])
with open('outputs/child', 'w') as f:
    f.write(str(child.pid))
print('ready', flush=True)
time.sleep(60)
`;

  async function sleepingRun() {
    const { workspaceFolder, submit } = await newCase({ 'train.py': sleeper });
    const { runId } = await submit();
    const catalog = await openTestCatalog(workspaceFolder);
    await until(catalog, runId, ({ summary }) => summary.status === 'Running');
    return { workspaceFolder, runId, folder: await folderOf(workspaceFolder, runId) };
  }

  it('ends the process, also when two ask at once', async () => {
    const { workspaceFolder, runId } = await sleepingRun();
    await Promise.all([cancelRun(workspaceFolder, runId), cancelRun(workspaceFolder, runId)]);
    const { summary } = await ended(workspaceFolder, runId);
    expect(summary.status).toBe('Canceled');
    await expect(cancelRun(workspaceFolder, runId)).rejects.toMatchObject({
      reason: 'invalid-state',
      message: expect.stringContaining('Canceled'),
    });
    expect(await isThere(activeMarker(workspaceFolder, runId))).toBe(false);
  });

  it('ends the script of a supervisor that was killed', async () => {
    const { workspaceFolder, runId, folder } = await sleepingRun();
    const processes = new Map<string, ProcessIdentity>();
    for (const name of await readdir(join(folder, 'journal'))) {
      for (const line of (await readFile(join(folder, 'journal', name), 'utf8')).split('\n').filter(Boolean)) {
        const value = JSON.parse(line) as { k: string; role: string } & ProcessIdentity;
        if (value.k === 'process') {
          processes.set(value.role, value);
        }
      }
    }
    const { pid: supervisor } = processes.get('supervisor') as ProcessIdentity;
    const gone = runProgram('tail', [`--pid=${supervisor}`, '-f', '/dev/null'], folder);
    process.kill(supervisor, 'SIGKILL');
    await gone;
    await cancelRun(workspaceFolder, runId);
    const { summary } = await ended(workspaceFolder, runId);
    expect(summary.status).toBe('Canceled');
    expect(await livenessOf(processes.get('script') as ProcessIdentity)).toBe('dead');
    expect(await isThere(activeMarker(workspaceFolder, runId))).toBe(false);
  });

  it('of a run without processes, or whose processes are gone, is recorded at once', async () => {
    const workspaceFolder = await temporaryWorkspace();
    const untouched = await newRun(workspaceFolder);
    await cancelRun(workspaceFolder, untouched.runId);
    expect((await ended(workspaceFolder, untouched.runId)).summary.status).toBe('Canceled');

    const dead = spawn('true');
    await new Promise((resolve) => dead.once('exit', resolve));
    const { host } = await currentProcessIdentity();
    const orphaned = await newRun(workspaceFolder);
    const identity = { pid: dead.pid ?? 0, startTime: '1', bootId: await bootId(), host };
    await record(
      workspaceFolder,
      orphaned,
      { k: 'process', role: 'supervisor', ...identity },
      { k: 'status', v: 'CancelRequested' },
    );
    await cancelRun(workspaceFolder, orphaned.runId);
    expect((await ended(workspaceFolder, orphaned.runId)).summary.status).toBe('Canceled');
  });

  it('of an interactive run leaves its process alone', async () => {
    const workspaceFolder = await temporaryWorkspace();
    const run = await newRun(workspaceFolder, { type: undefined });
    const session = spawn('sleep', ['600']);
    try {
      const journal = await openTestJournal(workspaceFolder, run);
      const { host } = await currentProcessIdentity();
      await journal.append({
        k: 'process',
        role: 'interactive',
        pid: session.pid ?? 0,
        startTime: '',
        bootId: await bootId(),
        host,
      });
      await journal.append({ k: 'status', v: 'Running' });
      await journal.close();
      await cancelRun(workspaceFolder, run.runId);
      expect((await ended(workspaceFolder, run.runId)).summary.status).toBe('Canceled');
      expect(session.exitCode).toBeNull();
      expect(session.kill(0)).toBe(true);
    } finally {
      session.kill('SIGKILL');
    }
  });

  it('of a run on another host asks and waits', async () => {
    const workspaceFolder = await temporaryWorkspace();
    const run = await newRun(workspaceFolder);
    const identity = { pid: 1, startTime: '1', bootId: 'another', host: 'another-host' };
    await record(
      workspaceFolder,
      run,
      { k: 'process', role: 'supervisor', ...identity },
      { k: 'status', v: 'Running' },
    );
    await cancelRun(workspaceFolder, run.runId);
    const catalog = await openTestCatalog(workspaceFolder);
    expect((await catalog.details(run.runId)).summary.status).toBe('CancelRequested');
    expect(await isThere(join(run.folder, 'cancel'))).toBe(true);
    expect(await isThere(activeMarker(workspaceFolder, run.runId))).toBe(true);
  });

  it('of no run is an error', async () => {
    const workspaceFolder = await temporaryWorkspace();
    await expect(cancelRun(workspaceFolder, 'nobody')).rejects.toMatchObject({ reason: 'not-found' });
    await expect(cancelRun(workspaceFolder, '../../etc')).rejects.toMatchObject({ reason: 'invalid-name' });
  });
});

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
