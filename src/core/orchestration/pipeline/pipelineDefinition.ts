import { isAbsolute } from 'node:path';
import * as v from 'valibot';
import { artifactPathProblem } from '../../store/names.ts';
import { jobSchema } from '../job.ts';

const name = v.pipe(v.string(), v.nonEmpty('must not be empty'));
const absolutePath = v.pipe(v.string(), v.check(isAbsolute, 'must be an absolute path'));

const outputSchema = v.object({
  name,
  /** The folder of the datastore that it goes to. */
  folder: absolutePath,
  datastore: v.string(),
  /** Relative to the folder; `{run-id}` and `{output-name}` stand for those of the step run. */
  path: v.pipe(
    v.string(),
    v.check((path) => artifactPathProblem(path) === undefined, 'must be a relative path, with "/"'),
  ),
  /** It is made before the step starts: the script finds a folder. */
  create: v.optional(v.boolean(), false),
});

const stepSchema = v.object({
  id: name,
  name,
  /** As `PythonScriptStep`. */
  type: name,
  job: jobSchema,
  /** Ids of steps, besides those whose outputs it reads. */
  runAfter: v.optional(v.array(v.string()), []),
  outputs: v.optional(v.array(outputSchema), []),
  allowReuse: v.optional(v.boolean(), true),
  version: v.optional(v.string()),
  /** Files and folders whose content matters for reuse, besides the source folder. */
  hashPaths: v.optional(v.array(absolutePath), []),
});

export const pipelineSchema = v.object({
  kind: v.literal('pipeline'),
  steps: v.pipe(v.array(stepSchema), v.minLength(1, 'a pipeline needs a step')),
  parameters: v.optional(v.record(v.string(), v.union([v.string(), v.number(), v.boolean()])), {}),
  continueOnStepFailure: v.optional(v.boolean(), false),
  /** Runs every step, whether or not it ran before. */
  regenerateOutputs: v.optional(v.boolean(), false),
});

export type PipelineDefinition = v.InferOutput<typeof pipelineSchema>;
export type StepDefinition = v.InferOutput<typeof stepSchema>;
export type OutputDefinition = v.InferOutput<typeof outputSchema>;
