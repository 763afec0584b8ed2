/**
 * What a configuration file may hold, for people and for the editor: a subset of JSON Schema, with what its texts refer to. Whether a
 * file can be used is for its reader to say; a schema never refuses one.
 */
export interface Schema {
  readonly type?: SchemaType | readonly SchemaType[];
  /** Sentences, in Markdown. */
  readonly description?: string;
  /** What is known to be taken, compared whatever the case. */
  readonly enum?: readonly string[];
  /** What each of `enum` means, in the same order. */
  readonly enumDescriptions?: readonly string[];
  /** What holds where the key is absent. */
  readonly default?: string | number | boolean | null;
  readonly examples?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  /** Keys that were once written, and are no longer: known, and not proposed. */
  readonly oldKeys?: readonly string[];
  /** Of a map: what its values are. Any key is right then. */
  readonly additionalProperties?: Schema;
  /** Of a map: what its keys refer to. */
  readonly keysReferTo?: Reference;
  readonly items?: Schema;
  readonly required?: readonly string[];
  /** One of several, told by the value of a key. Its properties come to those of this schema. */
  readonly variants?: { readonly key: string; readonly of: Readonly<Record<string, Schema>> };
  readonly refersTo?: Reference;
}

export type SchemaType = 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null';

/** What a text names. Files and folders are relative to the source folder, unless they begin at the file itself. */
export type Reference =
  | 'script'
  | 'file'
  | 'folder'
  | 'interpreter'
  | 'target'
  /** Of a job that was written for Azure: it need not be here. */
  | 'cloudTarget'
  | 'environment'
  /** Of such a job: it may be registered there and not here. */
  | 'cloudEnvironment'
  | 'experiment'
  | 'dataSet'
  /** Of the data set that the key `name` beside it names. */
  | 'dataSetVersion'
  /** Of a job: a path beside its file, or a data set. */
  | 'jobData'
  | 'datastore'
  | 'runConfiguration'
  | 'argument'
  | 'metric'
  | 'fileOfDefinition'
  | 'folderOfDefinition';

/** Paths of keys that a schema has, so that a reader of others does not compile. */
export type PathIn<S extends Schema> = S extends {
  readonly properties: infer P extends Readonly<Record<string, Schema>>;
}
  ? { [K in keyof P & string]: readonly [K] | readonly [K, ...PathIn<P[K]>] }[keyof P & string]
  : S extends { readonly additionalProperties: infer A extends Schema }
    ? readonly [string] | readonly [string, ...PathIn<A>]
    : never;
