/** A pipeline job of Azure ML's later command line, as a pipeline of this machine. */
import * as v from 'valibot';
import { DefinitionRefusal, optionalField } from '../base/definitionFile.ts';
import type { RegisteredDataSet } from '../data-sets/registeredDataSets.ts';
import { experimentKey } from '../store/names.ts';
import { datastoreFolder } from '../store/storeLayout.ts';
import { commandTemplate, type Meaning } from './commandTemplate.ts';
import { type Components, componentFields } from './component.ts';
import { type CommandSource, commandSource, type JobCommand, jobCommand } from './jobCommand.ts';
import { inputsField, jobFields, outputsField, text } from './jobFields.ts';
import { type InputContext, isData, type KeyPath, meaningOfInput } from './jobInputs.ts';

const outputDatastore = 'workspaceblobstore';
const outputPath = 'azureml/{run-id}/{output-name}';

const stepSettings = v.looseObject(
  {
    ...componentFields,
    display_name: optionalField(text),
    component: optionalField(v.union([text, v.looseObject(componentFields)])),
  },
  'must be a set of keys',
);

/** What a file of a pipeline job has to be. */
export const pipelineJobSettings = v.looseObject(
  {
    ...jobFields,
    jobs: optionalField(v.record(v.string(), stepSettings, 'must be jobs by name')),
    component: optionalField(v.unknown()),
    inputs: inputsField,
    outputs: outputsField,
    compute: componentFields.compute,
    settings: optionalField(
      v.looseObject({
        default_compute: optionalField(text),
        continue_on_step_failure: optionalField(v.boolean('must be true or false')),
        force_rerun: optionalField(v.boolean('must be true or false')),
      }),
    ),
  },
  'must be a pipeline job',
);

type PipelineJobFile = v.InferOutput<typeof pipelineJobSettings>;
type JobStep = NonNullable<PipelineJobFile['jobs']>[string];

export interface PipelineJobStep {
  readonly command: JobCommand;
  /** A step of the engine's, without its job. */
  readonly step: object;
}

export interface PipelineJob {
  /** All, where no component was left unread. */
  readonly steps: readonly PipelineJobStep[];
  readonly parameters: Readonly<Record<string, string>>;
  /** What `submitOrchestration` takes, without the steps. */
  readonly definition: object;
}

export interface PipelineJobOptions {
  /** Of the job's file, absolute. */
  readonly folder: string;
  /** Undefined where none were read: what depends on them is not looked at. */
  readonly components: Components | undefined;
  readonly dataSets: readonly RegisteredDataSet[];
  readonly workspaceFolder: string;
  /** In place of the inputs of the file. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Names of components that the job needs. */
export function componentsOfPipeline({ jobs }: PipelineJobFile): readonly string[] {
  return Object.values(jobs ?? {}).flatMap(({ component }) => (typeof component === 'string' ? [component] : []));
}

/**
 * What a pipeline job means here.
 *
 * @throws DefinitionRefusal for what cannot be run here
 */
export function pipelineJobOf(file: PipelineJobFile, options: PipelineJobOptions): PipelineJob {
  return new PipelineJobReader(file, options).read();
}

class PipelineJobReader {
  private readonly file: PipelineJobFile;
  private readonly options: PipelineJobOptions;
  /** By the name of the step; undefined where its component was not read. */
  private readonly sources = new Map<string, CommandSource | undefined>();
  private readonly inputs = new Map<string, { readonly value: string; readonly isPath: boolean }>();

  constructor(file: PipelineJobFile, options: PipelineJobOptions) {
    this.file = file;
    this.options = options;
  }

  read(): PipelineJob {
    const { jobs, component, settings } = this.file;
    const steps = Object.entries(jobs ?? {});
    if (steps.length === 0) {
      throw component === undefined
        ? new DefinitionRefusal(['jobs'], 'a pipeline needs a job')
        : new DefinitionRefusal(['component'], 'a pipeline that is a component cannot be run on this machine', true);
    }
    this.readInputs();
    for (const [id, step] of steps) {
      this.sources.set(id, this.sourceOf(id, step));
    }
    return {
      steps: steps.flatMap(([id, step]) => this.step(id, step) ?? []),
      parameters: Object.fromEntries([...this.inputs].map(([name, { value }]) => [name, value])),
      definition: {
        kind: 'pipeline',
        ...(settings?.continue_on_step_failure !== undefined && {
          continueOnStepFailure: settings.continue_on_step_failure,
        }),
        ...(settings?.force_rerun !== undefined && { regenerateOutputs: settings.force_rerun }),
      },
    };
  }

  private readInputs(): void {
    const { folder, dataSets, parameters } = this.options;
    const known = this.file.inputs ?? {};
    for (const name of Object.keys(parameters)) {
      if (!Object.hasOwn(known, name)) {
        const names = Object.keys(known).join(', ') || 'none';
        throw new DefinitionRefusal(['inputs'], `there is no input "${name}"; its inputs: ${names}`, true);
      }
    }
    const bound = (expression: string, at: KeyPath) => unknownExpression(expression, at);
    for (const [name, written] of Object.entries(known)) {
      const type = typeof written === 'object' ? written?.type : undefined;
      const given = parameters[name];
      const input = given === undefined ? written : isData(type) ? { path: given } : given;
      const isBare = typeof input === 'object' && input?.path === undefined && input?.default === undefined;
      if (input === null || (isBare && typeof input === 'object' && input.optional === true)) {
        continue;
      }
      const meaning = meaningOfInput(input, ['inputs', name], type, { folder, dataSets, bound });
      // Without expressions, what goes in is text.
      const isPath = typeof meaning === 'object';
      this.inputs.set(name, { value: isPath ? String(meaning.word) : (meaning ?? ''), isPath });
    }
  }

  private sourceOf(id: string, step: JobStep): CommandSource | undefined {
    const at = ['jobs', id];
    const { type, component } = step;
    if (type !== undefined && type !== 'command') {
      throw new DefinitionRefusal(
        [...at, 'type'],
        `a job of the type ${type} cannot be run on this machine, only commands`,
      );
    }
    const place = component ?? step;
    const { folder, components } = this.options;
    return commandSource(place, component === undefined ? at : [...at, 'component'], folder, components);
  }

  private step(id: string, step: JobStep): PipelineJobStep | undefined {
    const source = this.sources.get(id);
    if (source === undefined) {
      return undefined;
    }
    const { fields, command, at } = source;
    const runnable = commandTemplate(command, (expression) => this.meaningOf(expression, id, step, source));
    const { settings, compute } = this.file;
    const own = { ...step, compute: step.compute ?? compute ?? settings?.default_compute };
    const isReusable = step.is_deterministic ?? fields.is_deterministic;
    const outputs = this.outputsOf(id).map((name) => ({
      name,
      folder: datastoreFolder(this.options.workspaceFolder, experimentKey(outputDatastore)),
      datastore: outputDatastore,
      path: outputPath,
      create: this.outputType(name, step, fields.outputs) !== 'uri_file',
    }));
    for (const { name } of outputs) {
      if (!/^[\w-]+$/.test(name)) {
        throw new DefinitionRefusal(at, `the output "${name}" needs a name of letters, digits and underscores`);
      }
    }
    return {
      command: jobCommand(source, own, runnable),
      step: {
        id,
        name: step.display_name ?? id,
        type: 'script' in runnable ? 'PythonScriptStep' : 'CommandStep',
        outputs,
        ...(isReusable !== undefined && { allowReuse: isReusable }),
      },
    };
  }

  /** Of the step and of its component. */
  private outputsOf(id: string): readonly string[] {
    const names = [this.file.jobs?.[id]?.outputs, this.sources.get(id)?.fields.outputs].flatMap((outputs) =>
      Object.keys(outputs ?? {}),
    );
    return [...new Set(names)];
  }

  private outputType(name: string, step: JobStep, declared: Readonly<Record<string, unknown>> | undefined): unknown {
    const own = step.outputs?.[name];
    const [, parent] = typeof own === 'string' ? (/^\s*\$\{\{\s*parent\.outputs\.(\w+)/.exec(own) ?? []) : [];
    const places = [declared?.[name], own, parent === undefined ? undefined : this.file.outputs?.[parent]];
    return places.map(typeOf).find((type) => type !== undefined);
  }

  private meaningOf(expression: string, id: string, step: JobStep, { fields, at }: CommandSource): Meaning {
    const [kind, name = ''] = expression.split('.', 2);
    if (kind === 'outputs' && this.outputsOf(id).includes(name)) {
      return { word: { output: name }, isPath: true };
    }
    if (kind === 'inputs') {
      const declared = step.component === undefined ? undefined : fields.inputs?.[name];
      const own = step.inputs?.[name];
      const given = own ?? declared;
      const hasDefault = typeof declared === 'object' && declared?.default !== undefined;
      if (own == null && !hasDefault && typeof declared === 'object' && declared?.optional === true) {
        return undefined;
      }
      if (given != null) {
        const place = own == null ? at : ['jobs', id, 'inputs', name];
        const context: InputContext = {
          folder: this.options.folder,
          dataSets: this.options.dataSets,
          bound: (text, where) => this.boundTo(text, where, typeOf(declared)),
        };
        return meaningOfInput(given, place, typeOf(declared), context);
      }
    }
    return unknownExpression(expression, at);
  }

  /** What a step's input is bound to: an input of the pipeline, or what another step leaves. */
  private boundTo(expression: string, at: KeyPath, declared: unknown): Meaning {
    const [parent, kind, name = '', what, output = ''] = expression.split('.');
    if (parent === 'parent' && kind === 'inputs' && what === undefined) {
      const input = this.inputs.get(name);
      if (input !== undefined) {
        return { word: { parameter: name }, isPath: input.isPath || isData(declared) };
      }
      if (Object.hasOwn(this.file.inputs ?? {}, name)) {
        return undefined;
      }
    }
    if (parent === 'parent' && kind === 'jobs' && what === 'outputs' && this.sources.has(name)) {
      if (this.sources.get(name) === undefined || this.outputsOf(name).includes(output)) {
        return { word: { input: { step: name, output } }, isPath: true };
      }
      const known = this.outputsOf(name).join(', ') || 'none';
      throw new DefinitionRefusal(at, `the job "${name}" has no output "${output}"; its outputs: ${known}`);
    }
    return unknownExpression(expression, at);
  }
}

function typeOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'type' in value ? (value.type ?? undefined) : undefined;
}

function unknownExpression(expression: string, at: KeyPath): never {
  throw new DefinitionRefusal(at, `nothing stands for \${{${expression}}}`);
}
