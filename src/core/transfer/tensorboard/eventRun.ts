/** A run of TensorBoard, which is a folder with event files, as the records of a run. */
import { basename } from 'node:path';
import type { ListedFile } from '../fileList.ts';
import { ArtifactNames } from '../foreignNames.ts';
import type { ForeignRunWriter } from '../foreignRun.ts';
import { assertGoingOn } from '../transferProgress.ts';
import { parseEvent, type SummaryValue, type TensorboardEvent } from './eventMessages.ts';
import { type HyperparameterData, parseHyperparameterData } from './hyperparameterMessages.ts';
import type { Tensor } from './tensorMessage.ts';
import { readTfRecords } from './tfRecords.ts';

export interface ReadEventsOptions {
  readonly onBytes: (bytes: number) => void;
  readonly signal: AbortSignal | undefined;
}

/** Sentences for a person: what of the run is not imported. */
export async function importEvents(
  files: readonly ListedFile[],
  run: ForeignRunWriter,
  options: ReadEventsOptions,
): Promise<readonly string[]> {
  const conversion = new EventConversion(run);
  for (const { source } of files) {
    await conversion.addFile(source, options);
  }
  return conversion.finish();
}

/** The time of the first event of a file; undefined where it holds none. */
export async function firstEventTime(path: string): Promise<number | undefined> {
  const records = readTfRecords(path);
  try {
    const { value, done } = await records.next();
    return done === true ? undefined : parsed(value)?.wallTime;
  } finally {
    await records.return('complete');
  }
}

/** Undefined for a record that is no event. */
function parsed(record: Uint8Array): TensorboardEvent | undefined {
  try {
    const event = parseEvent(record);
    return Number.isFinite(event.wallTime) ? event : undefined;
  } catch {
    return undefined;
  }
}

const utf8 = new TextDecoder();

class EventConversion {
  private readonly run: ForeignRunWriter;
  private readonly names = new ArtifactNames();
  private readonly plugins = new Map<string, string>();
  private readonly descriptions = new Map<string, string>();
  /** What is not imported, in words, with the tags. */
  private readonly leftOut = new Map<string, Set<string>>();
  private readonly notes: string[] = [];
  private firstTime = Number.POSITIVE_INFINITY;
  private lastTime = Number.NEGATIVE_INFINITY;
  private end: HyperparameterData['end'];

  constructor(run: ForeignRunWriter) {
    this.run = run;
  }

  async addFile(path: string, { onBytes, signal }: ReadEventsOptions): Promise<void> {
    const records = readTfRecords(path, onBytes);
    let brokenCount = 0;
    for (;;) {
      assertGoingOn(signal, 'The import was stopped.');
      const { value, done } = await records.next();
      if (done === true) {
        if (value === 'cut') {
          this.notes.push(`${basename(path)} ends within an event, and is imported up to there.`);
        } else if (value === 'damaged') {
          this.notes.push(`${basename(path)} is damaged, and is imported up to there.`);
        }
        break;
      }
      const event = parsed(value);
      if (event === undefined) {
        brokenCount++;
      } else {
        await this.addEvent(event);
      }
    }
    if (brokenCount > 0) {
      this.notes.push(`${brokenCount} records of ${basename(path)} are no events, and are left out.`);
    }
  }

  /** Writes how the run ended. */
  async finish(): Promise<readonly string[]> {
    const { run, leftOut, notes, end } = this;
    for (const [what, tags] of leftOut) {
      const named = [...tags].filter((tag) => tag !== '');
      notes.push(`Not imported: ${what}${named.length === 0 ? '' : ` (${listed(named)})`}.`);
    }
    if (Number.isFinite(this.firstTime)) {
      const endTime = Math.max(end?.time ?? this.lastTime, this.firstTime);
      await run.append({ k: 'status', v: 'Running' }, this.firstTime);
      for (const message of notes) {
        await run.append({ k: 'warning', message }, endTime);
      }
      await run.append(
        end?.status === 'failure'
          ? { k: 'status', v: 'Failed', error: { message: 'TensorBoard recorded that the run failed.' } }
          : { k: 'status', v: 'Completed' },
        endTime,
      );
    }
    return notes;
  }

  private async addEvent(event: TensorboardEvent): Promise<void> {
    this.firstTime = Math.min(this.firstTime, event.wallTime);
    if (event.values.length > 0) {
      this.lastTime = Math.max(this.lastTime, event.wallTime);
    }
    for (const other of event.others) {
      this.leaveOut(other, '');
    }
    for (const value of event.values) {
      await this.addValue(value, event);
    }
  }

  private async addValue(value: SummaryValue, event: TensorboardEvent): Promise<void> {
    const { tag } = value;
    if (value.plugin !== undefined && !this.plugins.has(tag)) {
      this.plugins.set(tag, value.plugin);
    }
    const plugin = this.plugins.get(tag);
    if (plugin === 'hparams') {
      await this.addHyperparameters(value, event);
      return;
    }
    if (tag === '' || value.value === undefined) {
      this.leaveOut('values without a tag or a value', tag);
      return;
    }
    switch (value.value.kind) {
      case 'scalar':
        await this.addPoint(value, value.value.value, event);
        break;
      case 'image':
        await this.addImage(tag, value.value.encoded, event);
        break;
      case 'histogram': {
        const { minimum, maximum, count, sum, sumOfSquares } = value.value.histogram;
        const mean = count === 0 ? 0 : sum / count;
        const deviation = count === 0 ? 0 : Math.sqrt(Math.max(0, sumOfSquares / count - mean * mean));
        await this.addDistribution(tag, { count, minimum, maximum, mean, deviation }, event);
        break;
      }
      case 'audio':
        this.leaveOut('audio', tag);
        break;
      case 'tensor':
        await this.addTensor(value, plugin, value.value.tensor, event);
        break;
    }
  }

  private async addTensor(
    value: SummaryValue,
    plugin: string | undefined,
    tensor: Tensor,
    event: TensorboardEvent,
  ): Promise<void> {
    const { tag } = value;
    const { numbers, strings } = tensor;
    const [number] = numbers ?? [];
    if ((plugin === undefined || plugin === 'scalars') && numbers?.length === 1 && number !== undefined) {
      await this.addPoint(value, number, event);
    } else if (plugin === 'text' && strings !== undefined) {
      await this.run.append({ k: 'metric', n: tag, v: textOf(tensor, strings), s: event.step }, event.wallTime);
    } else if (plugin === 'images' && strings !== undefined) {
      // The first two are the width and the height.
      for (const encoded of strings.slice(2)) {
        await this.addImage(tag, encoded, event);
      }
    } else if (plugin === 'histograms' && numbers !== undefined && tensor.shape[1] === 3) {
      await this.addDistribution(tag, distributionOf(numbers), event);
    } else {
      this.leaveOut(plugin === undefined ? 'tensors' : `what the plugin "${plugin}" shows`, tag);
    }
  }

  private async addPoint(value: SummaryValue, number: number, { step, wallTime }: TensorboardEvent): Promise<void> {
    const { tag, description } = value;
    const isNew = description !== undefined && this.descriptions.get(tag) !== description;
    if (isNew) {
      this.descriptions.set(tag, description);
    }
    await this.run.append({ k: 'metric', n: tag, v: number, s: step, ...(isNew && { d: description }) }, wallTime);
  }

  private async addImage(tag: string, encoded: Uint8Array, { step, wallTime }: TensorboardEvent): Promise<void> {
    const extension = imageExtension(encoded);
    if (extension === undefined) {
      this.leaveOut('images of an unknown kind', tag);
      return;
    }
    const path = this.names.pathFor('images', tag, String(step), extension);
    await this.run.writeArtifact(path, encoded);
    await this.run.append({ k: 'image', n: tag, p: path, s: step }, wallTime);
  }

  /** A row for each histogram: what a table can tell of it. */
  private async addDistribution(
    tag: string,
    { count, minimum, maximum, mean, deviation }: Distribution,
    { step, wallTime }: TensorboardEvent,
  ): Promise<void> {
    this.leaveOut('the buckets of histograms, of which count, extremes, mean and standard deviation are', tag);
    const row = { step, count, minimum, maximum, mean, 'standard deviation': deviation };
    await this.run.append({ k: 'row', n: tag, v: row }, wallTime);
  }

  private async addHyperparameters({ pluginContent }: SummaryValue, { wallTime }: TensorboardEvent): Promise<void> {
    if (pluginContent === undefined) {
      return;
    }
    let data: HyperparameterData;
    try {
      data = parseHyperparameterData(pluginContent);
    } catch {
      this.leaveOut('hyperparameters that cannot be read', '');
      return;
    }
    this.end = data.end ?? this.end;
    if (data.parameters.size > 0) {
      await this.run.append({ k: 'params', v: Object.fromEntries(data.parameters) }, wallTime);
    }
  }

  private leaveOut(what: string, tag: string): void {
    const tags = this.leftOut.get(what) ?? new Set();
    tags.add(tag);
    this.leftOut.set(what, tags);
  }
}

interface Distribution {
  readonly count: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly mean: number;
  readonly deviation: number;
}

/** Of buckets of left edge, right edge and count: as if each value lay in the middle of its bucket. */
function distributionOf(buckets: readonly number[]): Distribution {
  let count = 0;
  let sum = 0;
  let squares = 0;
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  for (let place = 0; place + 2 < buckets.length; place += 3) {
    const [left = 0, right = 0, size = 0] = buckets.slice(place, place + 3);
    if (size > 0) {
      const middle = (left + right) / 2;
      count += size;
      sum += middle * size;
      squares += middle * middle * size;
      minimum = Math.min(minimum, left);
      maximum = Math.max(maximum, right);
    }
  }
  if (count === 0) {
    return { count: 0, minimum: 0, maximum: 0, mean: 0, deviation: 0 };
  }
  const mean = sum / count;
  return { count, minimum, maximum, mean, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
}

/** A text, or the cells of a table of texts, a line for each row. */
function textOf({ shape }: Tensor, strings: readonly Uint8Array[]): string {
  const texts = strings.map((bytes) => utf8.decode(bytes));
  const width = shape.length < 2 ? 1 : Math.max(1, shape.at(-1) ?? 1);
  const lines: string[] = [];
  for (let place = 0; place < texts.length; place += width) {
    lines.push(texts.slice(place, place + width).join(' | '));
  }
  return lines.join('\n');
}

/** What an image's first bytes say it is. */
const imageStarts = [
  ['.png', '89504e47'],
  ['.jpg', 'ffd8ff'],
  ['.gif', '47494638'],
  ['.bmp', '424d'],
  ['.webp', '52494646'],
] as const;

function imageExtension(encoded: Uint8Array): string | undefined {
  const start = Buffer.from(encoded.subarray(0, 4)).toString('hex');
  return imageStarts.find(([, bytes]) => start.startsWith(bytes))?.[0];
}

const mostNamed = 5;

function listed(names: readonly string[]): string {
  const more = names.length - mostNamed;
  return more > 0 ? `${names.slice(0, mostNamed).join(', ')} and ${more} more` : names.join(', ');
}
