import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunDetails, Step } from '../../src/core/domain/run.ts';
import {
  listPublishedPipelines,
  publishPipeline,
  readPublishedPipeline,
  submitPublishedPipeline,
} from '../../src/core/orchestration/pipeline/publishedPipelines.ts';
import { resumeOrchestrations } from '../../src/core/orchestration/startOrchestrator.ts';
import { cancelRun } from '../../src/core/submission/cancelRun.ts';
import { filesHolding } from '../support/filesHolding.ts';
import {
  childrenOf,
  cliCommand,
  killOrchestrator,
  newOrchestrationCase,
  type OrchestrationCase,
  recordOf,
} from '../support/orchestratedRun.ts';
import { pythonSdkFolder } from '../support/sourceFolder.ts';
import { ended, until } from '../support/submittedRun.ts';
import { openTestCatalog } from '../support/temporaryStore.ts';

/** Writes what it is given, after what it read; logs how much that is. */
const script = `
import argparse, os, time
from azureml.core import Run
parser = argparse.ArgumentParser()
parser.add_argument('--text')
parser.add_argument('--read', action='append', default=[])
parser.add_argument('--write')
parser.add_argument('--hold')
args = parser.parse_args()
if args.text == 'fail':
    raise ValueError('a step that fails')
text = ''.join(open(path).read() for path in args.read) + args.text + ';'
with open(args.write, 'w') as f:
    f.write(text)
run = Run.get_context()
run.log('length', len(text))
with open('outputs/copy.txt', 'w') as f:
    f.write(text)
while args.hold and os.path.exists(args.hold):
    time.sleep(0.02)
`;

interface StepOptions {
  readonly reads?: readonly string[];
  readonly text?: unknown;
  readonly hold?: string;
  readonly change?: object;
}

/** A case, and what makes its steps: each writes the output `out`, and reads that of those named. */
async function newCase() {
  const created = await newOrchestrationCase({ 'step.py': script });
  const folder = join(created.workspaceFolder, 'data');
  await mkdir(folder);
  const output = { name: 'out', folder, datastore: 'store', path: 'azureml/{run-id}/{output-name}' };
  const step = (name: string, { reads = [], text = name, hold, change = {} }: StepOptions = {}): object => ({
    id: `id-${name}`,
    name,
    type: 'PythonScriptStep',
    outputs: [output],
    job: created.job(
      'step.py',
      '--write',
      { output: 'out' },
      '--text',
      text as string,
      ...reads.flatMap((read) => ['--read', { input: { step: `id-${read}`, output: 'out' } }]),
      ...(hold === undefined ? [] : ['--hold', hold]),
    ),
    ...change,
  });
  return { ...created, step };
}

const pipeline = (steps: readonly object[], change: object = {}): object => ({ kind: 'pipeline', steps, ...change });

async function stepsOf(workspaceFolder: string, runId: string): Promise<Map<string, RunDetails>> {
  const children = await childrenOf(workspaceFolder, runId);
  return new Map(children.map((child) => [child.summary.displayName ?? '', child]));
}

async function outputOf(run: RunDetails | undefined): Promise<string> {
  const { step } = (await recordOf(run as RunDetails)) as unknown as { readonly step: Step };
  return readFile(step.outputs.out?.path ?? '', 'utf8');
}

async function complete({ workspaceFolder, submit }: OrchestrationCase, definition: object) {
  const { runId } = await submit(definition);
  const details = await ended(workspaceFolder, runId);
  expect(details.summary.failure).toBeUndefined();
  expect(details.summary.status).toBe('Completed');
  return { runId, details, steps: await stepsOf(workspaceFolder, runId) };
}

describe('a pipeline', () => {
  it('runs each step after those whose outputs it reads, whatever their order', async () => {
    const created = await newCase();
    const { step, workspaceFolder } = created;
    const { runId, details, steps } = await complete(
      created,
      pipeline(
        [
          step('join', { reads: ['left', 'right'], text: { parts: ['join-', { parameter: 'n' }] } }),
          step('left'),
          step('right'),
        ],
        { parameters: { n: 3 } },
      ),
    );
    expect(details.summary.type).toBe('azureml.PipelineRun');
    expect(await outputOf(steps.get('join'))).toBe('left;right;join-3;');
    const join_ = steps.get('join');
    expect(join_?.summary).toMatchObject({ type: 'azureml.StepRun', parentId: runId, status: 'Completed' });
    expect(join_?.properties).toMatchObject({
      'azureml.runsource': 'azureml.StepRun',
      StepType: 'PythonScriptStep',
      'azureml.nodeid': 'id-join',
      'azureml.pipelinerunid': runId,
    });
    expect((await recordOf(join_ as RunDetails)).step).toMatchObject({
      outputs: {
        out: {
          path: join(workspaceFolder, 'data', 'azureml', join_?.summary.id ?? '', 'out'),
          pathOnDatastore: `azureml/${join_?.summary.id}/out`,
        },
      },
    });
    expect(await readFile(join(details.folder, 'artifacts', 'logs', 'azureml', 'executionlogs.txt'), 'utf8')).toMatch(
      /"left" starts[\s\S]*"right" starts[\s\S]*"join" starts/,
    );
  });

  it('runs steps side by side that do not wait for each other', async () => {
    const created = await newCase();
    const { workspaceFolder, source, step, submit } = created;
    const gate = join(source, '..', `gate-${process.pid}-${Date.now()}`);
    await writeFile(gate, '');
    const { runId } = await submit(pipeline([step('a', { hold: gate }), step('b', { hold: gate })]));
    const catalog = await openTestCatalog(workspaceFolder);
    // Both have written while neither can end.
    await until(catalog, runId, () => true);
    await bothLogged(workspaceFolder, runId);
    await rm(gate);
    expect((await ended(workspaceFolder, runId)).summary.status).toBe('Completed');
  });

  // Seven pipelines, one after the other.
  it('reuses a step that ran before with the same code, arguments and inputs', { timeout: 90_000 }, async () => {
    const created = await newCase();
    const { step, source } = created;
    const steps = (text: string) => [step('first', { text }), step('second', { reads: ['first'] })];
    const before = await complete(created, pipeline(steps('x')));
    const again = await complete(created, pipeline(steps('x')));
    const reused = again.steps.get('second');
    expect(reused?.properties).toMatchObject({
      'azureml.isreused': 'true',
      'azureml.reusedrunid': before.steps.get('second')?.summary.id,
      'azureml.rootpipelinerunid': before.steps.get('second')?.summary.parentId,
    });
    // It has what the original has.
    expect(reused?.submission).toEqual(before.steps.get('second')?.submission);
    expect(reused?.metrics).toEqual(before.steps.get('second')?.metrics);
    expect(await outputOf(reused)).toBe('x;second;');
    expect(await readFile(join(reused?.folder ?? '', 'artifacts', 'outputs', 'copy.txt'), 'utf8')).toBe('x;second;');

    const isReused = (run: { steps: Map<string, RunDetails> }): boolean[] =>
      ['first', 'second'].map((name) => run.steps.get(name)?.properties['azureml.isreused'] === 'true');
    // Another argument: what reads its output runs again as well.
    expect(isReused(await complete(created, pipeline(steps('y'))))).toEqual([false, false]);
    expect(isReused(await complete(created, pipeline(steps('x'), { regenerateOutputs: true })))).toEqual([
      false,
      false,
    ]);
    const withoutReuse = [
      step('first', { text: 'x', change: { allowReuse: false } }),
      step('second', { reads: ['first'] }),
    ];
    expect(isReused(await complete(created, pipeline(withoutReuse)))).toEqual([false, false]);
    await writeFile(join(source, 'step.py'), `${script}\n# changed\n`);
    expect(isReused(await complete(created, pipeline(steps('x'))))).toEqual([false, false]);
    expect(isReused(await complete(created, pipeline(steps('x'))))).toEqual([true, true]);
  });

  it('does not reuse a step whose output is gone', async () => {
    const created = await newCase();
    const { step, workspaceFolder } = created;
    const { steps } = await complete(created, pipeline([step('only')]));
    await rm(join(workspaceFolder, 'data', 'azureml', steps.get('only')?.summary.id ?? ''), { recursive: true });
    const again = await complete(created, pipeline([step('only')]));
    expect(again.steps.get('only')?.properties['azureml.isreused']).toBeUndefined();
    expect(await outputOf(again.steps.get('only'))).toBe('only;');
  });

  it('ends with the first step that fails, and starts none after it', async () => {
    const { workspaceFolder, step, submit } = await newCase();
    const { runId } = await submit(
      pipeline([step('bad', { text: 'fail' }), step('after', { change: { runAfter: ['id-bad'] } })]),
    );
    const { summary } = await ended(workspaceFolder, runId);
    expect(summary.status).toBe('Failed');
    expect(summary.failure?.message).toMatch(/The step "bad" failed: .*a step that fails/);
    expect([...(await stepsOf(workspaceFolder, runId)).keys()]).toEqual(['bad']);
  });

  it('goes on with what does not need the step that failed, where that is asked for', async () => {
    const { workspaceFolder, step, submit } = await newCase();
    const { runId } = await submit(
      pipeline(
        [
          step('bad', { text: 'fail' }),
          step('after', { reads: ['bad'] }),
          step('good', { change: { runAfter: [] } }),
          step('better', { reads: ['good'] }),
        ],
        { continueOnStepFailure: true },
      ),
    );
    expect((await ended(workspaceFolder, runId)).summary.status).toBe('Failed');
    const steps = await stepsOf(workspaceFolder, runId);
    expect([...steps.keys()].sort()).toEqual(['bad', 'better', 'good']);
    expect(steps.get('better')?.summary.status).toBe('Completed');
  });

  it('that was killed goes on with the steps that are left', async () => {
    const { workspaceFolder, source, step, submit } = await newCase();
    const gate = join(source, '..', `gate-${process.pid}-${Date.now()}`);
    await writeFile(gate, '');
    const { runId } = await submit(
      pipeline([step('first', { hold: gate }), step('second', { hold: gate }), step('last', { reads: ['first'] })]),
    );
    await bothLogged(workspaceFolder, runId);
    await killOrchestrator(workspaceFolder, runId);
    await rm(gate);
    expect(await resumeOrchestrations(workspaceFolder, [...cliCommand])).toEqual([runId]);
    expect((await ended(workspaceFolder, runId)).summary.status).toBe('Completed');
    const steps = await stepsOf(workspaceFolder, runId);
    expect(steps.size).toBe(3);
    expect(await outputOf(steps.get('last'))).toBe('first;last;');
  });

  it('is canceled with its steps', async () => {
    const { workspaceFolder, source, step, submit } = await newCase();
    const gate = join(source, '..', `gate-${process.pid}-${Date.now()}`);
    await writeFile(gate, '');
    const { runId } = await submit(pipeline([step('a', { hold: gate }), step('b', { hold: gate })]));
    await bothLogged(workspaceFolder, runId);
    await cancelRun(workspaceFolder, runId);
    expect((await ended(workspaceFolder, runId)).summary.status).toBe('Canceled');
    for (const { summary } of (await stepsOf(workspaceFolder, runId)).values()) {
      expect(summary.status).toBe('Canceled');
    }
    await rm(gate);
  });

  it('that is published is submitted with the code that it had then, and other parameters', async () => {
    const created = await newCase();
    const { workspaceFolder, source, step } = created;
    const options = { pythonSdkFolder, cliCommand: [...cliCommand] as const };
    const definition = pipeline([step('only', { text: { parameter: 'n' } })], { parameters: { n: 1 } });
    const id = await publishPipeline(
      { workspaceFolder, name: 'nightly', version: '2', definition },
      {
        ...options,
        onWarning: () => {},
      },
    );
    await rm(join(source, 'step.py'));
    const submit = (parameters: Readonly<Record<string, number>>) =>
      submitPublishedPipeline({ workspaceFolder, experiment: 'iris', id, parameters }, options);
    const { runId } = await submit({ n: 5 });
    const details = await ended(workspaceFolder, runId);
    expect(details.summary.status).toBe('Completed');
    expect(details.properties['azureml.pipelineid']).toBe(id);
    expect(await outputOf((await stepsOf(workspaceFolder, runId)).get('only'))).toBe('5;');
    await expect(submit({ m: 5 })).rejects.toMatchObject({
      reason: 'invalid-argument',
      advice: 'Its parameters: n.',
    });
    expect(await listPublishedPipelines(workspaceFolder)).toMatchObject([
      { id, name: 'nightly', version: '2', isActive: true },
    ]);
    await expect(readPublishedPipeline(workspaceFolder, '../x')).rejects.toMatchObject({ reason: 'not-found' });
  });

  it('that is published keeps the secrets of its variables to the user, and its runs get them', async () => {
    const secret = 'wert-4711-hemlig';
    const created = await newOrchestrationCase({
      'step.py': `import os\nassert os.environ["API_TOKEN"][::-1] == "${[...secret].reverse().join('')}"\n`,
    });
    const { workspaceFolder, job } = created;
    const options = { pythonSdkFolder, cliCommand: [...cliCommand] as const };
    const step = {
      id: 'only',
      name: 'only',
      type: 'PythonScriptStep',
      job: { ...job('step.py'), environmentVariables: { API_TOKEN: secret } },
    };
    const id = await publishPipeline(
      { workspaceFolder, name: 'nightly', definition: pipeline([step]) },
      { ...options, onWarning: () => {} },
    );
    const submit = () => submitPublishedPipeline({ workspaceFolder, experiment: 'iris', id, parameters: {} }, options);
    for (const { runId, warnings } of [await submit(), await submit()]) {
      expect(warnings).toEqual([]);
      expect((await ended(workspaceFolder, runId)).summary.status).toBe('Completed');
    }
    const stored = join(workspaceFolder, '.runledger');
    expect(await filesHolding(secret, stored)).toEqual([]);
    // As for another user, or on another machine.
    await rm(join(process.env.RUNLEDGER_HOME ?? '', 'secrets', `${id}.json`));
    const { runId, warnings } = await submit();
    expect(warnings).toEqual([expect.stringContaining('so they are not set: API_TOKEN.')]);
    expect((await ended(workspaceFolder, runId)).summary.status).toBe('Failed');
  });

  it('is refused, and makes no run, where its steps wait for each other or name what is not there', async () => {
    const { workspaceFolder, step, submit } = await newCase();
    const cases: readonly (readonly [readonly object[], RegExp])[] = [
      [[step('a', { reads: ['b'] }), step('b', { reads: ['a'] })], /wait for each other: (a -> b -> a|b -> a -> b)/],
      [[step('a', { change: { runAfter: ['nobody'] } })], /"a" comes after a step that is not in the pipeline: nobody/],
      [[step('a', { reads: ['nobody'] })], /not in the pipeline: id-nobody/],
      [[step('a', { text: { parameter: 'lr' } })], /"a" uses the parameter "lr", which the pipeline does not have/],
      [[step('a', { text: { output: 'other' } })], /"a" uses the output "other", which it does not have/],
      [[step('a'), step('b', { text: { input: { step: 'id-a', output: 'x' } } })], /output "x" of the step "a"/],
      [[step('a'), step('a')], /Two steps of the pipeline have the id "id-a"/],
      [[], /needs a step/],
    ];
    for (const [steps, message] of cases) {
      await expect(submit(pipeline(steps))).rejects.toMatchObject({
        reason: 'invalid-argument',
        message: expect.stringMatching(message),
      });
    }
    expect(await (await openTestCatalog(workspaceFolder)).experiments()).toEqual([]);
  });
});

/** Resolves when two steps of a pipeline have logged what they wrote. */
async function bothLogged(workspaceFolder: string, runId: string): Promise<void> {
  const catalog = await openTestCatalog(workspaceFolder);
  const ids = await new Promise<readonly string[]>((resolve) => {
    const found = new Set<string>();
    const subscription = catalog.onDidChange((change) => {
      for (const id of change.kind === 'runs-added' ? change.runIds : []) {
        if (id !== runId) {
          found.add(id);
        }
      }
      if (found.size === 2) {
        subscription.dispose();
        resolve([...found]);
      }
    });
  });
  await Promise.all(ids.map((id) => until(catalog, id, ({ metrics }) => metrics.length > 0)));
}
