/** A task of the type `runledger`, as tasks.json has it. */
import * as v from 'valibot';

/** The type of tasks in the manifest. */
export const submitTaskType = 'runledger';

const definition = v.object({
  script: v.pipe(v.string(), v.nonEmpty()),
  arguments: v.optional(v.array(v.string()), []),
  experiment: v.optional(v.string()),
  runConfiguration: v.optional(v.string(), 'local'),
  sourceDirectory: v.optional(v.string()),
});

export type SubmitTaskDefinition = v.InferOutput<typeof definition>;

/** Undefined where a part is missing or of the wrong type, which the editor of tasks.json marks. */
export function submitTaskDefinition(value: unknown): SubmitTaskDefinition | undefined {
  const parsed = v.safeParse(definition, value);
  return parsed.success ? parsed.output : undefined;
}

/** What `runledger` is called with. Variables such as `${file}` stay as they are: the editor puts their values in. */
export function submitTaskArguments(task: SubmitTaskDefinition, interpreter: string | undefined): string[] {
  return [
    ...['run', 'submit-script', '-c', task.runConfiguration],
    ...(task.experiment === undefined ? [] : ['-e', task.experiment]),
    ...(task.sourceDirectory === undefined ? [] : ['--source-directory', task.sourceDirectory]),
    ...(interpreter === undefined ? [] : ['--python', interpreter]),
    ...[task.script, ...task.arguments],
  ];
}
