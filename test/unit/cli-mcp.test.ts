import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { describe, expect, it } from 'vitest';
import { agentTools } from '../../src/core/agent-tools/agentTools.ts';
import { cliProgram } from '../support/commandLine.ts';
import { ended } from '../support/submittedRun.ts';
import { newRun, onCleanup, record, temporaryFolder, temporaryWorkspace } from '../support/temporaryStore.ts';

/** A client of the protocol's own library, connected to the command as a process of its own. */
async function connected(cwd: string, ...args: string[]): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  const environment = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [cliProgram, 'mcp', ...args],
      cwd,
      env: Object.fromEntries(environment),
    }),
  );
  onCleanup(() => client.close());
  return client;
}

interface Answer {
  readonly isError?: boolean;
  readonly text: string;
  readonly value: unknown;
}

async function call(client: Client, name: string, input: Record<string, unknown> = {}): Promise<Answer> {
  const result = await client.callTool({ name, arguments: input });
  const [part] = result.content;
  const text = part?.type === 'text' ? part.text : '';
  return { text, value: result.structuredContent, ...(result.isError === true && { isError: true }) };
}

/** Three runs of one experiment that differ in their learning rate, and one of another. */
async function workspaceWithRuns(): Promise<string> {
  const folder = await temporaryWorkspace();
  for (const [index, learningRate] of [0.1, 0.01, 0.001].entries()) {
    const run = await newRun(folder, { runId: `iris_${index}`, tags: index === 0 ? { team: 'vision' } : {} });
    const points = [3, 2, 1 + index].map((v, s) => ({ k: 'metric', n: 'loss', v, s }) as const);
    await record(folder, run, { k: 'params', v: { lr: learningRate, epochs: 3 } }, ...points, {
      k: 'status',
      v: index === 2 ? 'Failed' : 'Completed',
      ...(index === 2 && { error: { message: 'ValueError: no data', traceback: 'Traceback…' } }),
    });
  }
  await newRun(folder, { runId: 'digits_0', experiment: 'digits' });
  return folder;
}

describe('runledger mcp', () => {
  it('offers what reads, and what writes where that is allowed, each with its schemas', async () => {
    const folder = await temporaryWorkspace();
    const { tools } = await (await connected(folder)).listTools();
    expect(tools.map(({ name }) => name)).toEqual(agentTools.flatMap((tool) => (tool.isReadOnly ? [tool.name] : [])));
    expect(tools.every(({ annotations, outputSchema }) => annotations?.readOnlyHint === true && outputSchema)).toBe(
      true,
    );
    const all = await (await connected(folder, '--allow-writes')).listTools();
    expect(all.tools.map(({ name }) => name)).toEqual(agentTools.map(({ name }) => name));
    expect(all.tools.filter(({ annotations }) => annotations?.destructiveHint === true)).toHaveLength(2);
    const submit = all.tools.find(({ name }) => name === 'submit_run');
    expect(submit?.inputSchema).toMatchObject({ type: 'object', required: ['script'] });
  });

  it('lists, finds, shows and compares runs', async () => {
    const client = await connected(await workspaceWithRuns());
    const listed = await call(client, 'list_runs', { experiment: 'Iris', limit: 2 });
    expect(listed.value).toMatchObject({ total: 3, runs: [{ id: 'iris_2', status: 'Failed' }, { id: 'iris_1' }] });
    expect(JSON.parse(listed.text)).toEqual(listed.value);
    const { nextCursor } = listed.value as { readonly nextCursor: string };
    const rest = await call(client, 'list_runs', { experiment: 'Iris', limit: 2, cursor: nextCursor });
    expect(rest.value).toMatchObject({ runs: [{ id: 'iris_0' }] });

    const query = 'metrics.loss >= 1 order by metrics.loss desc';
    const wanted = ['min(metrics.loss)', 'params.lr', 'tags.team'];
    expect((await call(client, 'query_runs', { query, fields: wanted })).value).toMatchObject({
      total: 3,
      runs: [
        { id: 'iris_2', values: { 'min(metrics.loss)': 2, 'params.lr': 0.001, 'tags.team': null } },
        { id: 'iris_1', values: { 'min(metrics.loss)': 2 } },
        { id: 'iris_0', values: { 'min(metrics.loss)': 1, 'tags.team': 'vision' } },
      ],
    });
    expect((await call(client, 'query_runs', { query: 'metrics.los < 1' })).value).toMatchObject({
      runs: [],
      hints: ['No run has a metric "los". Did you mean "loss"?'],
    });

    expect((await call(client, 'get_run', { run_id: 'iris_2' })).value).toMatchObject({
      status: 'Failed',
      failure: 'ValueError: no data',
      traceback: 'Traceback…',
      parameters: { lr: 0.001, epochs: 3 },
      metrics: { loss: { last: 3, min: 2, max: 3, count: 3 } },
    });
    expect((await call(client, 'compare_runs', { run_ids: ['iris_0', 'iris_1'] })).value).toMatchObject({
      parameters: { lr: [0.1, 0.01] },
      sameParameters: { epochs: 3 },
      tags: { team: ['vision', null] },
      metrics: { loss: { last: [1, 2], min: [1, 2], max: [3, 3] } },
    });
  });

  it('gives the parameters that runs were given, as filters know them', async () => {
    const folder = await temporaryWorkspace();
    for (const [index, rate] of ['0.5', '0.25'].entries()) {
      await newRun(folder, { runId: `given_${index}`, submission: { arguments: ['--lr', rate, '--arch', 'mlp'] } });
    }
    const client = await connected(folder);
    const question = { query: 'params.lr > 0.3', fields: ['params.lr'] };
    expect((await call(client, 'query_runs', question)).value).toMatchObject({
      runs: [{ id: 'given_0', values: { 'params.lr': 0.5 } }],
    });
    expect((await call(client, 'get_run', { run_id: 'given_0' })).value).toMatchObject({
      parameters: { lr: 0.5, arch: 'mlp' },
    });
    expect((await call(client, 'compare_runs', { run_ids: ['given_0', 'given_1'] })).value).toMatchObject({
      parameters: { lr: [0.5, 0.25] },
      sameParameters: { arch: 'mlp' },
    });
  });

  it('gives curves that keep their extremes, values that are not finite, and tables', async () => {
    const folder = await temporaryWorkspace();
    const run = await newRun(folder, { runId: 'curves' });
    const values = Array.from({ length: 1000 }, (_, index) => (index === 500 ? 100 : 1 / 3 + index));
    await record(
      folder,
      run,
      ...values.map((v, s) => ({ k: 'metric', n: 'loss', v, s }) as const),
      { k: 'metric', n: 'accuracy', v: Number.NaN, s: 0 },
      { k: 'row', n: 'scores', v: { name: 'a', score: 1 } },
      { k: 'metric', n: 'system/cpu_percent', v: 3 },
    );
    const client = await connected(folder);
    const { value } = await call(client, 'get_metrics', { run_id: 'curves', points: 40 });
    const answer = value as {
      readonly series: readonly { readonly name: string; readonly steps: number[]; readonly values: unknown[] }[];
    };
    expect(value).toMatchObject({
      tables: [{ name: 'scores', columns: ['name', 'score'], rows: [['a', 1]], rowCount: 1 }],
      leftOut: ['system/cpu_percent'],
    });
    const loss = answer.series.find(({ name }) => name === 'loss');
    expect(loss).toMatchObject({ count: 1000, max: { step: 999 } });
    expect(loss?.values.length).toBeLessThanOrEqual(44);
    expect(loss?.values[loss.steps.indexOf(500)]).toBe(100);
    expect(loss?.values[0]).toBe(0.333333);
    expect(answer.series.find(({ name }) => name === 'accuracy')?.values).toEqual(['NaN']);
    expect(await call(client, 'get_metrics', { run_id: 'curves', metrics: ['los'] })).toMatchObject({
      isError: true,
      text: 'The run curves has no metric "los". Did you mean "loss"?',
    });
  });

  it('submits a script, follows it to its end and reads its log', async () => {
    const folder = await temporaryWorkspace();
    await writeFile(
      join(folder, 'train.py'),
      'import sys\nfrom azureml.core import Run\nRun.get_context().log("accuracy", float(sys.argv[1]))\nprint("done")\n',
    );
    const client = await connected(folder, '--allow-writes');
    const input = { script: 'train.py', arguments: ['0.75'], experiment: 'agents', display_name: 'by an agent' };
    const { value } = await call(client, 'submit_run', input);
    expect(value).toMatchObject({ experiment: 'agents', number: 1, status: 'Starting', warnings: [] });
    const { id } = value as { readonly id: string };
    await ended(folder, id);
    const run = await call(client, 'get_run', { run_id: id, log_lines: 1 });
    expect(run.value).toMatchObject({
      status: 'Completed',
      name: 'by an agent',
      arguments: ['0.75'],
      metrics: { accuracy: { last: 0.75, count: 1 } },
      log: 'done',
    });
    expect(await call(client, 'cancel_run', { run_id: id })).toMatchObject({
      isError: true,
      text: expect.stringContaining('has ended (Completed)'),
    });
  });

  it('cancels a run', async () => {
    const folder = await temporaryWorkspace();
    await newRun(folder, { runId: 'waiting' });
    const client = await connected(folder, '--allow-writes');
    expect((await call(client, 'cancel_run', { run_id: 'waiting' })).value).toEqual({
      id: 'waiting',
      status: 'Canceled',
    });
  });

  it('tells what is wrong, and goes on', async () => {
    const client = await connected(await workspaceWithRuns());
    expect(await call(client, 'query_runs', { query: 'statsu = Failed' })).toEqual({
      isError: true,
      text: 'There is no field "statsu". Did you mean "status"?\nstatsu = Failed\n^~~~~~',
      value: undefined,
    });
    expect(await call(client, 'get_run', { run_id: 'gone' })).toMatchObject({
      isError: true,
      text: 'There is no run gone. list_runs gives the ids of the runs that there are.',
    });
    expect(await call(client, 'list_runs', { experiment: 'iriss' })).toMatchObject({
      text: 'There is no experiment "iriss" in this workspace. There are: digits, iris.',
    });
    expect((await call(client, 'list_runs', { limit: 0 })).isError).toBe(true);
    expect((await call(client, 'list_runs')).isError).toBeUndefined();
    await expect(client.callTool({ name: 'submit_run', arguments: { script: 'train.py' } })).rejects.toThrow();
  });

  it('starts where there is no workspace yet, and says so', async () => {
    const client = await connected(await temporaryFolder());
    expect(await call(client, 'list_runs')).toMatchObject({
      isError: true,
      text: expect.stringContaining('There is no workspace in'),
    });
  });
});
