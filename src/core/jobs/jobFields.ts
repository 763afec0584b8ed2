/** What jobs of Azure ML's later command line have in common. Keys that are not named here are those of Azure alone. */
import * as v from 'valibot';
import { optionalField } from '../base/definitionFile.ts';

export const scalar = v.union([v.string(), v.number(), v.boolean()], 'must be a text, a number or a truth value');
export const text = v.string('must be a text');
export const number = v.number('must be a number');

const inputSettings = v.union([
  scalar,
  v.looseObject({
    type: optionalField(text),
    path: optionalField(text),
    default: optionalField(scalar),
    optional: optionalField(v.boolean('must be true or false')),
  }),
]);

const environmentSettings = v.union([
  text,
  v.looseObject({ conda_file: optionalField(v.union([text, v.looseObject({})])) }, 'must be a name or a set of keys'),
]);

export const inputsField = optionalField(
  v.record(v.string(), v.nullable(inputSettings), 'must be a set of keys with values'),
);
export const outputsField = optionalField(v.record(v.string(), v.unknown(), 'must be a set of keys with values'));

/** Of everything that has a command. */
export const commandFields = {
  code: optionalField(v.union([text, v.looseObject({ local_path: optionalField(text) })], 'must be a folder')),
  environment: optionalField(environmentSettings),
  environment_variables: optionalField(v.record(v.string(), v.nullable(scalar), 'must be a set of keys with values')),
  inputs: inputsField,
  outputs: outputsField,
  distribution: optionalField(
    v.looseObject({ type: optionalField(text), process_count_per_instance: optionalField(number) }),
  ),
  resources: optionalField(v.looseObject({ instance_count: optionalField(number) })),
  limits: optionalField(v.looseObject({ timeout: optionalField(number) })),
  compute: optionalField(v.union([text, v.looseObject({})])),
};

export const commandField = v.pipe(text, v.nonEmpty('must not be empty'));

const _command = v.looseObject({ ...commandFields, command: optionalField(commandField) });

/** Something with a command, and what it runs with. */
export type CommandFields = v.InferOutput<typeof _command>;
export type JobInput = NonNullable<NonNullable<CommandFields['inputs']>[string]>;

/** Of every file of a job. */
export const jobFields = {
  experiment_name: optionalField(text),
  display_name: optionalField(text),
  tags: optionalField(v.record(v.string(), v.nullable(scalar), 'must be a set of keys with values')),
};

/** An address, or something that is registered in Azure. */
export function isElsewhere(path: string): boolean {
  return /^(azureml:|https?:|wasbs?:|abfss?:|adl:|git\+|git:)/i.test(path);
}

/** Where a job's code lies, as it is written. */
export function codeOf({ code }: CommandFields): string | undefined {
  return typeof code === 'object' ? code.local_path : code;
}
