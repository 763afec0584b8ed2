/** A run of MLflow's file store, as the records of a run. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Scalar } from '../../domain/metric.ts';
import { artifactPathProblem } from '../../store/names.ts';
import type { FileList, ListedFile } from '../fileList.ts';
import type { ForeignRun, ForeignRunWriter } from '../foreignRun.ts';
import { assertGoingOn } from '../transferProgress.ts';
import type { MlflowRun } from './mlflowStore.ts';
import { readTexts } from './mlflowStore.ts';
import { parameterValue } from './parameterValue.ts';

/** The names that MLflow gives to what are no tags here. */
const nameTag = 'mlflow.runName';
const noteTag = 'mlflow.note.content';
const parentTag = 'mlflow.parentRunId';
/** Grows while the run goes on, so that it cannot be a property. */
const historyTag = 'mlflow.log-model.history';

export interface ReadRunOptions {
  readonly onBytes: (bytes: number) => void;
  readonly signal: AbortSignal | undefined;
}

/** What a run's tags say: those of MLflow itself are properties, so that they are not in the way, as where it logs here directly. */
export function mlflowTags(
  run: MlflowRun,
  runIdIn: (id: string) => string,
): Pick<ForeignRun, 'displayName' | 'description' | 'parentId' | 'tags' | 'properties'> {
  const tags: Record<string, string> = {};
  const properties: Record<string, string> = {};
  for (const [name, value] of Object.entries(run.tags)) {
    if (name.startsWith('mlflow.') && name !== historyTag) {
      if (name !== nameTag && name !== noteTag) {
        properties[name] = value;
      }
    } else {
      tags[name] = value;
    }
  }
  const parent = run.tags[parentTag];
  return {
    displayName: run.tags[nameTag] ?? run.name,
    description: run.tags[noteTag],
    parentId: parent === undefined ? undefined : runIdIn(parent),
    tags,
    properties,
  };
}

/** Sentences for a person: what of the run is not imported. */
export async function importMlflowRun(
  run: MlflowRun,
  { files, others }: FileList,
  writer: ForeignRunWriter,
  options: ReadRunOptions,
): Promise<readonly string[]> {
  const notes: string[] = [];
  await writer.append({ k: 'status', v: run.status === 'scheduled' ? 'Queued' : 'Running' }, run.startTime);
  const parameters = Object.entries(await readTexts(`${run.folder}/params`)).map(([name, text]): [string, Scalar] => [
    name,
    parameterValue(text),
  ]);
  if (parameters.length > 0) {
    await writer.append({ k: 'params', v: Object.fromEntries(parameters) }, run.startTime);
  }
  let lastTime = run.startTime;
  for (const file of files) {
    assertGoingOn(options.signal, 'The import was stopped.');
    if (file.path.startsWith('metrics/')) {
      const series = await importSeries(file, writer, options.signal);
      lastTime = Math.max(lastTime, series.lastTime);
      if (series.brokenCount > 0) {
        notes.push(`${series.brokenCount} lines of ${file.path} are no values, and are left out.`);
      }
    } else if (file.path.startsWith('artifacts/')) {
      const path = file.path.slice('artifacts/'.length);
      if (artifactPathProblem(path) === undefined) {
        await writer.copyArtifact(path, file.source);
      } else {
        notes.push(`The file ${path} is left out: a run's file cannot be called so.`);
      }
    }
    options.onBytes(file.bytes);
  }
  notes.push(...others.map((path) => `${path} is left out: it is a link, which could lead anywhere.`));
  notes.push(...unreachable(run, files));
  if (files.some(({ path }) => path.startsWith('inputs/'))) {
    notes.push('Which data sets it was given is not imported.');
  }
  for (const message of notes) {
    await writer.append({ k: 'warning', message }, lastTime);
  }
  await appendEnd(run, writer, run.endTime ?? lastTime);
  return notes;
}

async function appendEnd(run: MlflowRun, writer: ForeignRunWriter, time: number): Promise<void> {
  switch (run.status) {
    case 'finished':
      await writer.append({ k: 'status', v: 'Completed' }, time);
      break;
    case 'failed':
      await writer.append(
        { k: 'status', v: 'Failed', error: { message: 'MLflow recorded that the run failed.' } },
        time,
      );
      break;
    case 'killed':
      await writer.append({ k: 'status', v: 'Canceled' }, time);
      break;
    case 'running':
    case 'scheduled':
      break;
  }
}

/** A file with a line for each value: time in milliseconds, value, and step, which the first versions did not have. */
async function importSeries(
  file: ListedFile,
  writer: ForeignRunWriter,
  signal: AbortSignal | undefined,
): Promise<{ readonly brokenCount: number; readonly lastTime: number }> {
  const name = file.path.slice('metrics/'.length);
  let brokenCount = 0;
  let lastTime = Number.NEGATIVE_INFINITY;
  const lines = createInterface({ input: createReadStream(file.source), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) {
    if (line.trim() === '') {
      continue;
    }
    const [timeText = '', valueText = '', stepText = '0'] = line.trim().split(/\s+/);
    const time = Number(timeText) / 1000;
    const value = pythonNumber(valueText);
    const step = Number(stepText);
    if (!Number.isFinite(time) || value === undefined || !Number.isSafeInteger(step)) {
      brokenCount++;
      continue;
    }
    assertGoingOn(signal, 'The import was stopped.');
    lastTime = Math.max(lastTime, time);
    await writer.append({ k: 'metric', n: name, v: value, s: step }, time);
  }
  return { brokenCount, lastTime };
}

const namedNumbers: ReadonlyMap<string, number> = new Map([
  ['nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
]);

function pythonNumber(text: string): number | undefined {
  const named = namedNumbers.get(text.toLowerCase());
  if (named !== undefined) {
    return named;
  }
  const value = Number(text);
  return /^[-+]?[\d.]/.test(text) && Number.isFinite(value) ? value : undefined;
}

/** Files that MLflow kept elsewhere are not looked for: an address in a file could lead anywhere. */
function unreachable(run: MlflowRun, files: readonly ListedFile[]): string[] {
  const { artifactUri } = run;
  const isHere =
    artifactUri === undefined ||
    artifactUri.replace(/\/+$/, '').endsWith(`/${run.experiment.id}/${run.id}/artifacts`) ||
    files.some(({ path }) => path.startsWith('artifacts/'));
  return isHere ? [] : [`Its files are not in the store, and are not imported: ${artifactUri}.`];
}
