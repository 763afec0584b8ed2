/** Carries out a pipeline: each step is a child run, started when those before it are done. */
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileError } from '../../base/errors.ts';
import { findComputeTarget } from '../../compute/computeTargets.ts';
import type { Step, StepOutput } from '../../domain/run.ts';
import { isJsonObject, readStoreFile, stringField } from '../../store/jsonFile.ts';
import { experimentKey } from '../../store/names.ts';
import { runFolder } from '../../store/storeLayout.ts';
import type { ChildRun } from '../childRun.ts';
import { submitRequestOf } from '../job.ts';
import type { Ending, Orchestration } from '../orchestration.ts';
import { argumentText, type TemplateScope } from '../template.ts';
import type { OutputDefinition, PipelineDefinition, StepDefinition } from './pipelineDefinition.ts';
import { graphOf, type PipelineGraph } from './pipelineGraph.ts';
import { createReusedRun } from './reusedStep.ts';
import { findResult, rememberResult, type StepResult, stepKey } from './stepReuse.ts';

export const stepRunType = 'azureml.StepRun';

/** Steps side by side: what the machine has processors for, and two even where it has one, since many steps wait. */
const mostStepsAtOnce = Math.max(2, availableParallelism());

/** A step that has a run. */
interface StartedStep {
  readonly definition: StepDefinition;
  readonly child: ChildRun;
  readonly step: Step;
  readonly key: string | undefined;
  /** The run that did the work: the child itself, or the one it stands for. */
  readonly madeBy: string;
}

export function runPipeline(definition: PipelineDefinition, orchestration: Orchestration): Promise<Ending> {
  return new Pipeline(definition, orchestration).run();
}

class Pipeline {
  private readonly definition: PipelineDefinition;
  private readonly graph: PipelineGraph;
  private readonly orchestration: Orchestration;
  private readonly started = new Map<string, StartedStep>();
  /** By compute target, the name of the queue that orders its runs. */
  private readonly queues = new Map<string, string>();
  /** Ids of the steps that were canceled for one before them. */
  private readonly givenUp = new Set<string>();
  /** Ids of the steps whose end is told and remembered. */
  private readonly settled = new Set<string>();

  constructor(definition: PipelineDefinition, orchestration: Orchestration) {
    this.definition = definition;
    this.graph = graphOf(definition);
    this.orchestration = orchestration;
  }

  async run(): Promise<Ending> {
    await this.resume();
    await this.findQueues();
    for (;;) {
      await this.settleEnded();
      if (this.orchestration.isCanceled) {
        await this.orchestration.cancelAndWait(this.running, 'Its pipeline was canceled.');
        return { status: 'Canceled' };
      }
      const failed = this.unsuccessful;
      if (failed.length > 0 && !this.definition.continueOnStepFailure) {
        await this.orchestration.cancelAndWait(this.running, `The step "${failed[0]?.definition.name}" failed.`);
        return this.failure(failed);
      }
      await this.cancelDependents(failed);
      // Looks at the others again after each: they may have ended meanwhile, or failed.
      if (await this.startNextStep()) {
        continue;
      }
      if (this.running.length === 0) {
        return this.unsuccessful.length > 0 ? this.failure(this.unsuccessful) : { status: 'Completed' };
      }
      await this.orchestration.change();
    }
  }

  private get running(): readonly ChildRun[] {
    return [...this.started.values()].map(({ child }) => child).filter((child) => !child.hasEnded);
  }

  /** Steps that ended and did not complete. */
  private get unsuccessful(): readonly StartedStep[] {
    return [...this.started.values()].filter(({ child }) => child.hasEnded && !isComplete(child));
  }

  private failure(failed: readonly StartedStep[]): Ending {
    const [first] = failed;
    const said = first?.child.summary.failure?.message;
    const others = failed.length > 1 ? ` ${failed.length - 1} more did not complete.` : '';
    const how = first?.child.summary.status === 'Canceled' ? 'was canceled' : 'failed';
    const reason = said === undefined ? '' : `: ${said.replace(/\.$/, '')}`;
    return {
      status: 'Failed',
      error: {
        message: `The step "${first?.definition.name}" ${how}${reason}.${others}`,
        advice: 'See the log of that step, mend it, and submit again: steps that completed are reused.',
      },
    };
  }

  private async resume(): Promise<void> {
    const steps = new Map(this.graph.ordered.map((definition) => [definition.id, definition]));
    for (const child of await this.orchestration.openChildren()) {
      const step = child.record.step as Step | undefined;
      const definition = step && steps.get(step.id);
      const wasCutOff = child.summary.status === 'Failed' && !child.wasStarted;
      if (step !== undefined && definition !== undefined && !wasCutOff) {
        const properties = (child.record.properties ?? {}) as Readonly<Record<string, string>>;
        const madeBy = properties['azureml.reusedrunid'] ?? child.runId;
        this.started.set(step.id, { definition, child, step, key: properties['azureml.moduleid'], madeBy });
      }
    }
    if (this.started.size > 0) {
      await this.orchestration.log(`Resumed with ${this.started.size} steps that were started.`);
    }
  }

  /** Tells of the steps that have ended since the last time. */
  private async settleEnded(): Promise<void> {
    for (const [id, started] of this.started) {
      const { child, definition } = started;
      if (child.hasEnded && !this.settled.has(id)) {
        this.settled.add(id);
        await this.orchestration.log(`The step "${definition.name}" (${child.runId}) ended: ${child.summary.status}.`);
        if (isComplete(child) && started.key !== undefined && started.madeBy === child.runId) {
          const { workspaceFolder, experiment } = this.orchestration.options;
          const { step, key } = started;
          await rememberResult(workspaceFolder, key, { runId: child.runId, experiment, step });
        }
      }
    }
  }

  /** Returns whether one was started: not where none is ready, or enough are running. */
  private async startNextStep(): Promise<boolean> {
    if (this.orchestration.isCanceled) {
      return false;
    }
    for (const definition of this.graph.ordered.filter(({ id }) => !this.started.has(id))) {
      const after = this.jobsBefore(definition);
      if (after !== undefined && (this.queueOf(definition) !== undefined || !this.isFull)) {
        if (await this.startStep(definition, after)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether enough steps go on at once. Who else waits in a queue of its own takes nothing from this machine. */
  private get isFull(): boolean {
    const here = [...this.started.values()].filter(
      ({ definition, child }) => !child.hasEnded && this.queueOf(definition) === undefined,
    );
    return here.length >= mostStepsAtOnce;
  }

  /** The jobs that a step's own job is to wait for, in the queue of both; undefined where it cannot be started yet. */
  private jobsBefore(definition: StepDefinition): readonly string[] | undefined {
    const jobs: string[] = [];
    for (const id of this.graph.predecessors.get(definition.id) ?? []) {
      const before = this.started.get(id);
      if (before === undefined) {
        return undefined;
      }
      const { child } = before;
      if (isComplete(child)) {
        continue;
      }
      const queue = this.queueOf(definition);
      if (
        child.hasEnded ||
        child.jobId === undefined ||
        queue === undefined ||
        this.queueOf(before.definition) !== queue
      ) {
        return undefined;
      }
      jobs.push(child.jobId);
    }
    // What the steps before write may be among the paths whose content decides whether an earlier run stands for it.
    return jobs.length > 0 && definition.hashPaths.length > 0 ? undefined : jobs;
  }

  private queueOf({ job }: StepDefinition): string | undefined {
    return this.queues.get(job.runConfiguration.target);
  }

  private async findQueues(): Promise<void> {
    for (const { job } of this.graph.ordered) {
      const { target } = job.runConfiguration;
      const { queue } = await findComputeTarget(this.orchestration.options.workspaceFolder, target);
      if (queue !== undefined) {
        this.queues.set(target, queue);
      }
    }
  }

  /** Steps that wait in a queue for one that did not complete would wait for ever. */
  private async cancelDependents(failed: readonly StartedStep[]): Promise<void> {
    for (const { definition } of failed) {
      const dependents = [...this.started.values()].filter(
        ({ definition: { id }, child }) =>
          !(child.hasEnded || this.givenUp.has(id)) && this.graph.predecessors.get(id)?.has(definition.id),
      );
      const reason = `The step "${definition.name}", which it waited for, did not complete.`;
      for (const dependent of dependents) {
        this.givenUp.add(dependent.definition.id);
        await dependent.child.cancel(reason);
      }
    }
  }

  /** Returns whether it was: an earlier run does not stand for a step before what it comes after is done. */
  private async startStep(definition: StepDefinition, after: readonly string[]): Promise<boolean> {
    const { options } = this.orchestration;
    const snapshot = options.snapshots[definition.job.sourceDirectory];
    const key = await stepKey(definition, snapshot, this.identityScope());
    const mayReuse = definition.allowReuse && !this.definition.regenerateOutputs;
    const earlier = mayReuse ? await findResult(options.workspaceFolder, key) : undefined;
    if (earlier !== undefined && after.length > 0) {
      return false;
    }
    const properties = {
      'azureml.runsource': stepRunType,
      StepType: definition.type,
      'azureml.nodeid': definition.id,
      'azureml.pipelinerunid': options.runId,
      'azureml.moduleid': key,
    };
    const started =
      earlier === undefined
        ? await this.submitStep(definition, properties, after)
        : await this.reuseStep(definition, properties, earlier);
    this.started.set(definition.id, { ...started, definition, key: definition.allowReuse ? key : undefined });
    return true;
  }

  private async submitStep(
    definition: StepDefinition,
    properties: Readonly<Record<string, string>>,
    after: readonly string[],
  ): Promise<Omit<StartedStep, 'definition' | 'key'>> {
    const runId = randomUUID();
    const outputs: Record<string, StepOutput> = {};
    for (const output of definition.outputs) {
      outputs[output.name] = await prepareOutput(output, runId);
    }
    const { id, name, type } = definition;
    const step: Step = { id, name, type, outputs };
    const begins = after.length === 0 ? 'starts' : `waits in the queue for ${after.join(', ')}`;
    await this.orchestration.log(`The step "${name}" ${begins}: ${runId}.`);
    const child = await this.orchestration.submit({
      ...submitRequestOf(definition.job, this.scope(outputs)),
      runId,
      type: stepRunType,
      displayName: name,
      properties,
      step,
      ...(after.length > 0 && { after }),
    });
    return { child, step, madeBy: runId };
  }

  private async reuseStep(
    { id, name, type }: StepDefinition,
    properties: Readonly<Record<string, string>>,
    earlier: StepResult,
  ): Promise<Omit<StartedStep, 'definition' | 'key'>> {
    const { workspaceFolder, experiment, runId } = this.orchestration.options;
    const step: Step = { id, name, type, outputs: earlier.step.outputs };
    const originalFolder = runFolder(workspaceFolder, experimentKey(earlier.experiment), earlier.runId);
    const original = await readStoreFile(join(originalFolder, 'run.json'), 'the run');
    const root = stringField(original, 'parentId');
    const reused = await createReusedRun(
      {
        workspaceFolder,
        experiment,
        type: stepRunType,
        displayName: name,
        parentId: runId,
        properties: {
          ...properties,
          'azureml.isreused': 'true',
          'azureml.reusedrunid': earlier.runId,
          ...(root !== undefined && { 'azureml.rootpipelinerunid': root }),
        },
        // What it would have run, which is what the original did.
        ...(isJsonObject(original.submission) && { submission: original.submission }),
        createdBy: this.orchestration.options.submitOptions.createdBy ?? 'runledger',
        step,
      },
      originalFolder,
    );
    await this.orchestration.log(`The step "${name}" ran before with the same inputs: ${earlier.runId} is reused.`);
    return { child: await this.orchestration.openChild(reused.runId), step, madeBy: earlier.runId };
  }

  private parameter(name: string): string {
    return argumentText(this.definition.parameters[name] ?? '');
  }

  private scope(outputs: Readonly<Record<string, StepOutput>>): TemplateScope {
    return {
      parameter: (name) => this.parameter(name),
      output: (name) => outputs[name]?.path ?? '',
      input: (step, output) => this.started.get(step)?.step.outputs[output]?.path ?? '',
    };
  }

  /** What stands for the same thing in each run of the pipeline. */
  private identityScope(): TemplateScope {
    return {
      parameter: (name) => this.parameter(name),
      output: (name) => `{output:${name}}`,
      input: (step, output) => `{input:${this.started.get(step)?.madeBy}:${output}}`,
    };
  }
}

function isComplete(child: ChildRun): boolean {
  return child.summary.status === 'Completed';
}

async function prepareOutput(output: OutputDefinition, runId: string): Promise<StepOutput> {
  const pathOnDatastore = output.path.replaceAll('{run-id}', runId).replaceAll('{output-name}', output.name);
  const path = join(output.folder, ...pathOnDatastore.split('/'));
  try {
    await mkdir(output.create ? path : dirname(path), { recursive: true });
  } catch (error) {
    throw fileError(error, `make the folder for the output "${output.name}"`, path);
  }
  return { path, datastore: output.datastore, pathOnDatastore };
}
