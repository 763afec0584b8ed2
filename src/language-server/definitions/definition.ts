import type { Schema } from '../../core/configuration-files/schema.ts';
import type { RegisteredDataSet } from '../../core/data-sets/registeredDataSets.ts';
import type { NodePath, Span } from '../documents/yamlText.ts';

/** Something wrong, or worth a word, at a place in a text. */
export interface Problem extends Span {
  readonly message: string;
}

/** A whole file to begin with. `body` is a snippet of the editor. */
export interface FileTemplate {
  readonly label: string;
  readonly detail: string;
  readonly body: string;
}

/** What the features need to know of one kind of file. */
export interface Definition {
  /** For people, as `run configuration`. */
  readonly title: string;
  readonly schema: Schema;
  /** Why the file cannot be used: what its reader in core says. */
  problems(text: string, path: string): readonly Problem[];
  /** Why the file, right as it may be elsewhere, cannot be run on this machine. */
  refusals?(text: string, path: string, dataSets: readonly RegisteredDataSet[]): readonly Problem[];
  /** Keys that are there and have no effect. */
  ignored?(text: string, path: string): readonly { readonly path: NodePath; readonly reason: string }[];
  readonly templates: readonly FileTemplate[];
  /** Of the lens that submits the file, as `Submit this pipeline`; undefined where there is nothing to submit. */
  readonly submitTitle?: string;
  /** Whether the file is a command job of Azure ML, of which a run configuration can be made. */
  readonly isCommandJob?: boolean;
  /** Whether runs remember that they were made with the file. */
  readonly hasRuns?: boolean;
  /** Whether an unknown key is worth a hint even where it resembles none that is known. */
  readonly knowsAllKeys: boolean;
}

/** A refusal as a sentence. */
export function notHere({ start, end, message }: Problem): Problem {
  return { start, end, message: `Cannot be run on this machine: ${message}.` };
}
