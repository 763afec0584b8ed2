import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RunDetails } from '../../src/core/domain/run.ts';
import { activeMarker } from '../../src/core/store/storeLayout.ts';
import type { SubmitProgress } from '../../src/core/submission/submission.ts';
import { pythonSdkFolder, runProgram, temporaryFolder } from '../support/sourceFolder.ts';
import { ended, isThere, newCase } from '../support/submittedRun.ts';

afterEach(() => vi.unstubAllEnvs());

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
