import { mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { readCollection } from '../../src/core/compute/collection/collection.ts';
import { readPipelineFile } from '../../src/core/orchestration/pipeline/readPipelineFile.ts';
import { submitOrchestration } from '../../src/core/orchestration/submitOrchestration.ts';
import { datastoreFolder } from '../../src/core/store/storeLayout.ts';
import { cancelRun } from '../../src/core/submission/cancelRun.ts';
import { isSshServerMissing } from '../support/backends/sshServer.ts';
import { childrenOf } from '../support/orchestratedRun.ts';
import { pythonSdkFolder } from '../support/sourceFolder.ts';
import { cliCommand, type SshCase, sshCase } from '../support/sshCase.ts';
import { ended, runIds } from '../support/submittedRun.ts';

const logOf = (folder: string): Promise<string> => readFile(join(folder, 'artifacts', 'logs', 'std_log.txt'), 'utf8');

async function submitPipeline({ workspaceFolder, source }: SshCase) {
  const { definition } = await readPipelineFile(join(source, 'pipeline.yml'), {
    workspaceFolder,
    parameters: {},
    interpreterCandidates: [],
  });
  const { runId } = await submitOrchestration(
    { workspaceFolder, experiment: 'iris', definition },
    { pythonSdkFolder, cliCommand: [...cliCommand], createdBy: 'test/1' },
  );
  const { summary } = await ended(workspaceFolder, runId);
  expect(summary.failure).toBeUndefined();
  const children = await childrenOf(workspaceFolder, runId);
  return new Map(children.map((child) => [child.summary.displayName ?? '', child]));
}

async function cancelAll(workspaceFolder: string): Promise<void> {
  for (const runId of await runIds(workspaceFolder)) {
    await cancelRun(workspaceFolder, runId);
  }
}

describe.skipIf(isSshServerMissing)('data that is given by path to runs on another machine', () => {
  it('goes from step to step of a pipeline, there and back', async () => {
    const made = await sshCase({
      'write.py': `
import os, sys
root = os.environ['AZUREML_DATAREFERENCE_out']
assert sys.argv[1] == root
os.makedirs(os.path.join(root, 'deep'))
with open(os.path.join(root, 'deep', 'two words.bin'), 'wb') as f:
    f.write(bytes(range(256)) * 5000)
open(os.path.join(root, 'text'), 'w').write('from the first')
print(root)
`,
      'read.py': `
import os, sys
print(os.path.getsize(os.path.join(sys.argv[1], 'deep', 'two words.bin')), open(os.path.join(sys.argv[1], 'text')).read())
open(sys.argv[2], 'w').write('one file')
`,
      'last.py': 'import sys; print(open(sys.argv[1]).read(), "at home")\n',
      'pipeline.yml': `
pipeline:
  default_compute: lab
  steps:
    first:
      type: PythonScriptStep
      script_name: write.py
      arguments: ['output:out']
      outputs: {out: {destination: data}}
    second:
      type: PythonScriptStep
      script_name: read.py
      arguments: ['input:in', 'output:file']
      inputs: {in: {source: data}}
      outputs: {file: {destination: single}}
    third:
      type: PythonScriptStep
      script_name: last.py
      compute: local
      arguments: ['input:in']
      inputs: {in: {source: single}}
`,
    });
    const steps = await submitPipeline(made);
    const first = steps.get('first')?.folder ?? '';
    const { outputs } = await readCollection(first);
    expect(await logOf(first)).toBe(`${outputs[0]?.there}\n`);
    expect(outputs[0]?.there).toContain(join(made.server.folder, 'data'));
    expect((await stat(join(outputs[0]?.path ?? '', 'deep', 'two words.bin'))).size).toBe(256 * 5000);
    expect(await logOf(steps.get('second')?.folder ?? '')).toBe('1280000 from the first\n');
    expect(await logOf(steps.get('third')?.folder ?? '')).toBe('one file at home\n');
  });

  it('is sent before the run, where it is not there as it is here', async () => {
    const { workspaceFolder, server, submit } = await sshCase({
      'train.py': `
import os, sys
root = sys.argv[1].split('=')[1]
print(sorted(os.listdir(root)), open(os.path.join(root, 'a b', 'one')).read(), os.environ['LIST'], root)
`,
    });
    const folder = join(datastoreFolder(workspaceFolder, 'workspaceblobstore'), 'digits');
    await mkdir(join(folder, 'a b'), { recursive: true });
    await writeFile(join(folder, 'a b', 'one'), 'first');
    await writeFile(join(folder, 'stays'), 'as it is');
    await writeFile(join(folder, 'goes'), '');
    await writeFile(`${folder}2`, 'another');
    const run = async (): Promise<readonly string[]> => {
      const { runId } = await submit({
        arguments: [`--data=${folder}`],
        environmentVariables: { LIST: `${folder}/stays:${folder}2` },
      });
      const details = await ended(workspaceFolder, runId);
      expect(details.summary.failure).toBeUndefined();
      return (await logOf(details.folder)).trim().split(' ');
    };
    const said = await run();
    const there = said.at(-1) ?? '';
    const [inside, other] = said.at(-2)?.split(':') ?? [];
    expect(said.join(' ')).toBe(`['a b', 'goes', 'stays'] first ${inside}:${other} ${there}`);
    expect(inside).toBe(`${there}/stays`);
    expect(await readFile(other ?? '', 'utf8')).toBe('another');
    expect(dirname(dirname(there))).toBe(join(server.folder, 'data'));
    const { ino } = await stat(join(there, 'stays'));
    await writeFile(join(folder, 'a b', 'one'), 'second');
    await rm(join(folder, 'goes'));
    expect((await run()).join(' ')).toMatch(/^\['a b', 'stays'\] second /);
    expect((await stat(join(there, 'stays'))).ino).toBe(ino);
  });

  it.each(['who submits', 'the id of the run'])('is told as it is sent, until %s ends it', async (way) => {
    const { workspaceFolder, server, submit } = await sshCase({ 'train.py': '' });
    const file = join(datastoreFolder(workspaceFolder, 'workspaceblobstore'), 'large');
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, '');
    await truncate(file, 300_000_000);
    const canceled = new AbortController();
    const fractions: number[] = [];
    let asking: Promise<unknown> | undefined;
    const { runId, status } = await submit(
      { arguments: [file] },
      {
        signal: canceled.signal,
        onProgress: ({ message, fraction }) => {
          if (message === 'Sending data to lab' && asking === undefined) {
            fractions.push(fraction ?? 1);
            asking = way === 'who submits' ? Promise.resolve(canceled.abort()) : cancelAll(workspaceFolder);
          }
        },
      },
    );
    await asking;
    expect(fractions[0]).toBeLessThan(0.01);
    expect(status).toBe('Canceled');
    expect((await ended(workspaceFolder, runId)).summary.failure).toBeUndefined();
    // Nothing of it is there, also when the other side has seen that the connection is gone.
    await vi.waitUntil(async () => (await readdir(join(server.folder, 'data'), { recursive: true })).length === 1, {
      timeout: 60_000,
    });
  });

  it('is no data set at the end, which is said before the run starts', async () => {
    const { workspaceFolder, submit } = await sshCase({ 'train.py': '' });
    const { runId } = await submit({
      environmentVariables: { RUNLEDGER_OUTPUT_out: JSON.stringify({ name: 'out', register: { name: 'digits' } }) },
    });
    expect((await ended(workspaceFolder, runId)).summary.failure).toMatchObject({
      message: expect.stringContaining('The output out is to be registered as a data set'),
    });
  });
});
