/** A pipeline in a file, as Azure ML's `Pipeline.load_yaml` and its command line took it. */
import { join, resolve } from 'node:path';
import * as v from 'valibot';
import { DefinitionRefusal, optionalField, translateDefinitionFile } from '../../base/definitionFile.ts';
import { RunledgerError } from '../../base/errors.ts';
import { findDataSet, type RegisteredDataSet } from '../../data-sets/registeredDataSets.ts';
import type { RunConfiguration } from '../../run-configurations/runConfiguration.ts';
import { experimentKey } from '../../store/names.ts';
import { datastoreFolder } from '../../store/storeLayout.ts';
import type { Template } from '../template.ts';

const defaultDatastore = 'workspaceblobstore';
/** What can be run here. */
const scriptStepType = 'PythonScriptStep';

const scalar = v.union([v.string(), v.number(), v.boolean()], 'must be a text, a number or a truth value');

const scriptFields = {
  name: optionalField(v.string('must be a text')),
  script_name: optionalField(v.string('must be a text')),
  source_directory: optionalField(v.string('must be a text')),
  allow_reuse: optionalField(v.boolean('must be true or false')),
  version: optionalField(scalar),
  hash_paths: optionalField(v.array(v.string(), 'must be a list')),
};

const stepFields = v.object({
  ...scriptFields,
  /** Kinds of steps that have other keys are not run here. */
  type: optionalField(v.string('must be a text')),
  runconfig: optionalField(v.string('must be a text')),
  compute: optionalField(v.string('must be a text')),
  arguments: optionalField(v.array(scalar, 'must be a list')),
  parameters: optionalField(v.record(v.string(), v.union([scalar, v.object({ source: v.string() })]))),
  inputs: optionalField(
    v.record(v.string(), v.object({ source: v.string('must name a data reference or an output') })),
  ),
  outputs: optionalField(
    v.record(
      v.string(),
      v.object({
        destination: optionalField(v.string('must be a text')),
        datastore: optionalField(v.string('must be a text')),
      }),
    ),
  ),
});

/** Earlier versions of the command line had what a script step is in a key of its own, and no type. */
const stepSchema = v.pipe(
  v.object({ ...stepFields.entries, python_script_step: optionalField(v.object(scriptFields)) }),
  v.transform(({ python_script_step: script, ...step }): FileStep => {
    const given = Object.fromEntries(Object.entries(script ?? {}).filter(([, value]) => value !== undefined));
    return script === undefined ? step : { ...step, ...given, type: step.type ?? scriptStepType };
  }),
);

/** What a file of a pipeline has to be. */
export const pipelineFileSettings = v.object(
  {
    pipeline: v.object({
      name: optionalField(v.string('must be a text')),
      parameters: optionalField(
        v.record(
          v.string(),
          v.object({
            type: optionalField(v.string()),
            default: v.union([scalar, v.looseObject({})], 'must be a text, a number or a truth value'),
          }),
        ),
      ),
      data_references: optionalField(
        v.record(
          v.string(),
          v.object({
            datastore: optionalField(v.string('must be a text')),
            path_on_datastore: optionalField(v.string('must be a text')),
            dataset_name: optionalField(v.string('must be a text')),
          }),
        ),
      ),
      default_compute: optionalField(v.string('must be a text')),
      steps: v.record(v.string(), stepSchema, 'must be steps by name'),
    }),
  },
  'must be a pipeline',
);

/** As the file says it, in its own words. */
export type PipelineFile = v.InferOutput<typeof pipelineFileSettings>['pipeline'];
export type FileStep = v.InferOutput<typeof stepFields>;

export interface PipelineFileOptions {
  /** Names the file in messages. */
  readonly label: string;
  /** The folder of the file, where its relative paths start, absolute. */
  readonly folder: string;
  readonly workspaceFolder: string;
  /** In place of the defaults of the file's parameters. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The run configuration of a step, by what the file calls it; without a name that of a step that names none. `compute` is the step's compute target. */
  readonly loadRunConfiguration: (
    name: string | undefined,
    sourceDirectory: string,
    compute: string | undefined,
  ) => Promise<RunConfiguration>;
  readonly interpreterCandidates: readonly string[];
  /** Of the workspace, which data references may name. */
  readonly dataSets: readonly RegisteredDataSet[];
}

type Scalar = string | number | boolean;

export interface PipelineOfFile {
  readonly name: string | undefined;
  /** By name: the defaults of the file, or what was given in place of them. */
  readonly parameters: Readonly<Record<string, Scalar>>;
  /** What `submitOrchestration` takes. */
  readonly definition: object;
  readonly file: PipelineFile;
}

/**
 * Reads the text of a pipeline.
 *
 * @throws RunledgerError `invalid-argument` with line and column, or naming the step
 */
export async function parsePipelineFile(text: string, options: PipelineFileOptions): Promise<PipelineOfFile> {
  const { pipeline } = translateDefinitionFile(pipelineFileSettings, text, options.label, (content) => {
    refuseForeign(content);
    return content;
  });
  const reader = new PipelineReader(pipeline, options);
  const parameters = reader.parameters();
  const definition = { kind: 'pipeline', steps: await reader.steps(), parameters };
  return { name: pipeline.name, parameters, definition, file: pipeline };
}

/**
 * Refuses what was right for Azure ML and cannot be run here.
 *
 * @throws DefinitionRefusal
 */
export function refuseForeign({ pipeline }: v.InferOutput<typeof pipelineFileSettings>): void {
  for (const [name, { default: value }] of Object.entries(pipeline.parameters ?? {})) {
    if (typeof value === 'object') {
      throw new DefinitionRefusal(
        ['pipeline', 'parameters', name, 'default'],
        'a path of data cannot be a parameter here',
      );
    }
  }
  for (const [id, { type, script_name: script }] of Object.entries(pipeline.steps)) {
    const at = ['pipeline', 'steps', id];
    if (type === undefined) {
      throw new DefinitionRefusal(at, `has no type; ${scriptStepType} is what can be run here`, true);
    }
    if (type !== scriptStepType) {
      throw new DefinitionRefusal([...at, 'type'], `${type} is not run here, only ${scriptStepType}`);
    }
    if (script === undefined) {
      throw new DefinitionRefusal(at, 'has no script_name', true);
    }
  }
}

class PipelineReader {
  private readonly pipeline: PipelineFile;
  private readonly options: PipelineFileOptions;
  /** The step and its output, by the destination that others read it from. */
  private readonly destinations = new Map<string, { readonly step: string; readonly output: string }>();

  constructor(pipeline: PipelineFile, options: PipelineFileOptions) {
    this.pipeline = pipeline;
    this.options = options;
    for (const [step, { outputs }] of Object.entries(pipeline.steps)) {
      for (const [output, { destination }] of Object.entries(outputs ?? {})) {
        this.destinations.set(destination ?? output, { step, output });
      }
    }
  }

  parameters(): Readonly<Record<string, Scalar>> {
    const parameters = Object.entries(this.pipeline.parameters ?? {}).flatMap(([name, { default: value }]) =>
      typeof value === 'object' ? [] : [[name, value] as const],
    );
    for (const name of Object.keys(this.options.parameters)) {
      if (!Object.hasOwn(this.pipeline.parameters ?? {}, name)) {
        const names = Object.keys(this.pipeline.parameters ?? {}).join(', ') || 'none';
        throw this.error(`it has no parameter "${name}"`, `Its parameters: ${names}.`);
      }
    }
    return { ...Object.fromEntries(parameters), ...this.options.parameters };
  }

  async steps(): Promise<readonly object[]> {
    return Promise.all(Object.entries(this.pipeline.steps).map(([id, step]) => this.step(id, step)));
  }

  private async step(id: string, step: FileStep): Promise<object> {
    const { folder } = this.options;
    const sourceDirectory = resolve(folder, step.source_directory ?? '.');
    const inputs = Object.entries(step.inputs ?? {}).map(
      ([name, { source }]) => [name, this.input(id, source)] as const,
    );
    const outputs = Object.entries(step.outputs ?? {});
    const variables: (readonly [string, Template])[] = [
      ...Object.entries(step.parameters ?? {}).map(
        ([name, value]) =>
          [`AML_PARAMETER_${name}`, typeof value === 'object' ? { parameter: value.source } : String(value)] as const,
      ),
      ...inputs.map(([name, template]) => [`AZUREML_DATAREFERENCE_${name}`, template] as const),
      ...outputs.map(([name]) => [`AZUREML_DATAREFERENCE_${name}`, { output: name }] as const),
    ];
    return {
      id,
      name: step.name ?? id,
      type: step.type ?? scriptStepType,
      job: {
        sourceDirectory,
        script: step.script_name ?? '',
        arguments: (step.arguments ?? []).map((value) => this.argument(id, String(value), new Map(inputs))),
        runConfiguration: await this.options.loadRunConfiguration(
          step.runconfig,
          sourceDirectory,
          step.compute ?? this.pipeline.default_compute,
        ),
        interpreterCandidates: this.options.interpreterCandidates,
        environmentVariables: Object.fromEntries(variables),
      },
      outputs: outputs.map(([name, { datastore }]) => ({
        name,
        folder: this.datastoreFolder(datastore),
        datastore: datastore ?? defaultDatastore,
        path: 'azureml/{run-id}/{output-name}',
      })),
      ...(step.allow_reuse !== undefined && { allowReuse: step.allow_reuse }),
      ...(step.version !== undefined && { version: String(step.version) }),
      hashPaths: (step.hash_paths ?? []).map((path) => resolve(sourceDirectory, path)),
    };
  }

  private input(id: string, source: string): Template {
    const made = this.destinations.get(source);
    if (made !== undefined) {
      return { input: made };
    }
    const reference = this.pipeline.data_references?.[source];
    if (reference === undefined) {
      throw this.error(`the step "${id}" reads "${source}", which is no data reference and no step's output`);
    }
    if (reference.dataset_name !== undefined) {
      return this.dataSet(id, reference.dataset_name);
    }
    return join(this.datastoreFolder(reference.datastore), ...(reference.path_on_datastore ?? '').split('/'));
  }

  private dataSet(id: string, name: string): string {
    const found = findDataSet(this.options.dataSets, { name, version: undefined });
    if (found?.path === undefined) {
      const reason = found === undefined ? 'which the workspace does not have' : 'which is no single file or folder';
      throw this.error(
        `the step "${id}" reads the data set "${name}", ${reason}`,
        'Name a datastore and a path in it.',
      );
    }
    return found.path;
  }

  /** `input:NAME`, `output:NAME` and `parameter:NAME` stand for these; anything else for itself. */
  private argument(id: string, text: string, inputs: ReadonlyMap<string, Template>): Template {
    const [, kind, name] = /^(input|output|parameter):(.+)$/.exec(text) ?? [];
    if (kind === undefined || name === undefined) {
      return text;
    }
    if (kind !== 'input') {
      return kind === 'output' ? { output: name } : { parameter: name };
    }
    const input = inputs.get(name);
    if (input === undefined) {
      throw this.error(`the step "${id}" has no input "${name}", which its arguments name`);
    }
    return input;
  }

  private datastoreFolder(name = defaultDatastore): string {
    return datastoreFolder(this.options.workspaceFolder, experimentKey(name));
  }

  private error(problem: string, advice = 'Correct the file.'): RunledgerError {
    return new RunledgerError('invalid-argument', `${this.options.label}: ${problem}.`, { advice });
  }
}
