/**
 * What TensorBoard's plugin for hyperparameters records, as far as it is imported. Fields are those of its `plugin_data.proto`:
 * https://github.com/tensorflow/tensorboard/tree/master/tensorboard/plugins/hparams
 */
import type { BinaryReader } from '@bufbuild/protobuf/wire';
import type { Scalar } from '../../domain/metric.ts';
import { readFields } from './messageFields.ts';

export interface HyperparameterData {
  readonly parameters: ReadonlyMap<string, Scalar | null>;
  /** Of the session, where its end was recorded. */
  readonly end: { readonly status: 'success' | 'failure' | 'unknown'; readonly time: number | undefined } | undefined;
}

/** Throws an `Error` for bytes that are no such message. */
export function parseHyperparameterData(bytes: Uint8Array): HyperparameterData {
  const parameters = new Map<string, Scalar | null>();
  let end: HyperparameterData['end'];
  readFields(bytes, (field, reader) => {
    switch (field) {
      case 3:
        readFields(reader.bytes(), (part, start) => {
          if (part !== 1) {
            return false;
          }
          const [name, value] = parseParameter(start.bytes());
          if (name !== '') {
            parameters.set(name, value);
          }
          return true;
        });
        return true;
      case 4:
        end = parseEnd(reader.bytes());
        return true;
      default:
        return false;
    }
  });
  return { parameters, end };
}

function parseParameter(bytes: Uint8Array): [name: string, value: Scalar | null] {
  let name = '';
  let value: Scalar | null = null;
  readFields(bytes, (field, reader) => {
    if (field === 1) {
      name = reader.string();
      return true;
    }
    if (field === 2) {
      readFields(reader.bytes(), (part, data) => {
        const read = valueReaders.get(part);
        value = read === undefined ? value : read(data);
        return read !== undefined;
      });
      return true;
    }
    return false;
  });
  return [name, value];
}

/** `google.protobuf.Value`, as far as it is a scalar. */
const valueReaders: ReadonlyMap<number, (reader: BinaryReader) => Scalar> = new Map<
  number,
  (reader: BinaryReader) => Scalar
>([
  [2, (reader) => reader.double()],
  [3, (reader) => reader.string()],
  [4, (reader) => reader.bool()],
]);

function parseEnd(bytes: Uint8Array): HyperparameterData['end'] {
  let status: 'success' | 'failure' | 'unknown' = 'unknown';
  let time: number | undefined;
  readFields(bytes, (field, reader) => {
    switch (field) {
      case 1: {
        const code = reader.int32();
        status = code === 1 ? 'success' : code === 2 ? 'failure' : 'unknown';
        return true;
      }
      case 2:
        time = reader.double() || undefined;
        return true;
      default:
        return false;
    }
  });
  return { status, time };
}
