/**
 * TensorBoard's messages, as far as they are imported. Numbers of fields are those of `event.proto` and `summary.proto`:
 * https://github.com/tensorflow/tensorboard/tree/master/tensorboard/compat/proto
 */
import { readFields } from './messageFields.ts';
import { parseTensor, type Tensor } from './tensorMessage.ts';

export interface TensorboardEvent {
  /** Unix seconds. */
  readonly wallTime: number;
  readonly step: number;
  readonly values: readonly SummaryValue[];
  /** What else the event holds, in words. */
  readonly others: readonly string[];
}

export interface SummaryValue {
  readonly tag: string;
  /** The name of the plugin that the value is for; only the first value of a tag need have it. */
  readonly plugin: string | undefined;
  readonly pluginContent: Uint8Array | undefined;
  readonly description: string | undefined;
  readonly value: EventValue | undefined;
}

export type EventValue =
  | { readonly kind: 'scalar'; readonly value: number }
  | { readonly kind: 'image'; readonly encoded: Uint8Array }
  | { readonly kind: 'histogram'; readonly histogram: Histogram }
  | { readonly kind: 'audio' }
  | { readonly kind: 'tensor'; readonly tensor: Tensor };

export interface Histogram {
  readonly minimum: number;
  readonly maximum: number;
  readonly count: number;
  readonly sum: number;
  readonly sumOfSquares: number;
}

const otherFields: ReadonlyMap<number, string> = new Map([
  [4, 'graphs'],
  [8, 'run metadata'],
  [9, 'graphs'],
]);

/** Throws an `Error` for bytes that are no event. */
export function parseEvent(bytes: Uint8Array): TensorboardEvent {
  let wallTime = 0;
  let step = 0;
  const values: SummaryValue[] = [];
  const others: string[] = [];
  readFields(bytes, (field, reader) => {
    const other = otherFields.get(field);
    if (other !== undefined) {
      others.push(other);
    }
    switch (field) {
      case 1:
        wallTime = reader.double();
        return true;
      case 2:
        step = Number(reader.int64());
        return true;
      case 5:
        values.push(...parseSummary(reader.bytes()));
        return true;
      default:
        return false;
    }
  });
  return { wallTime, step, values, others };
}

function parseSummary(bytes: Uint8Array): SummaryValue[] {
  const values: SummaryValue[] = [];
  readFields(bytes, (field, reader) => {
    if (field !== 1) {
      return false;
    }
    values.push(parseValue(reader.bytes()));
    return true;
  });
  return values;
}

function parseValue(bytes: Uint8Array): SummaryValue {
  let tag = '';
  let metadata: ReturnType<typeof parseMetadata> | undefined;
  let value: EventValue | undefined;
  readFields(bytes, (field, reader) => {
    switch (field) {
      case 1:
        tag = reader.string();
        return true;
      case 2:
        value = { kind: 'scalar', value: reader.float() };
        return true;
      case 4:
        value = { kind: 'image', encoded: parseImage(reader.bytes()) };
        return true;
      case 5:
        value = { kind: 'histogram', histogram: parseHistogram(reader.bytes()) };
        return true;
      case 6:
        value = { kind: 'audio' };
        return false;
      case 8:
        value = { kind: 'tensor', tensor: parseTensor(reader.bytes()) };
        return true;
      case 9:
        metadata = parseMetadata(reader.bytes());
        return true;
      default:
        return false;
    }
  });
  return {
    tag,
    plugin: metadata?.plugin,
    pluginContent: metadata?.pluginContent,
    description: metadata?.description,
    value,
  };
}

function parseMetadata(bytes: Uint8Array): Pick<SummaryValue, 'plugin' | 'pluginContent' | 'description'> {
  let plugin: string | undefined;
  let pluginContent: Uint8Array | undefined;
  let description: string | undefined;
  readFields(bytes, (field, reader) => {
    if (field === 3) {
      description = reader.string() || undefined;
      return true;
    }
    if (field !== 1) {
      return false;
    }
    readFields(reader.bytes(), (part, data) => {
      if (part === 1) {
        plugin = data.string() || undefined;
        return true;
      }
      pluginContent = part === 2 ? data.bytes() : pluginContent;
      return part === 2;
    });
    return true;
  });
  return { plugin, pluginContent, description };
}

function parseImage(bytes: Uint8Array): Uint8Array {
  let encoded = new Uint8Array();
  readFields(bytes, (field, reader) => {
    encoded = field === 4 ? new Uint8Array(reader.bytes()) : encoded;
    return field === 4;
  });
  return encoded;
}

function parseHistogram(bytes: Uint8Array): Histogram {
  const fields = [0, 0, 0, 0, 0, 0];
  readFields(bytes, (field, reader) => {
    const isRead = field >= 1 && field <= 5;
    if (isRead) {
      fields[field] = reader.double();
    }
    return isRead;
  });
  const [, minimum = 0, maximum = 0, count = 0, sum = 0, sumOfSquares = 0] = fields;
  return { minimum, maximum, count, sum, sumOfSquares };
}
