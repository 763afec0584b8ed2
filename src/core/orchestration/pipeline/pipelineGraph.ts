/** Which step comes after which. */
import { RunledgerError } from '../../base/errors.ts';
import { templatesOf } from '../job.ts';
import type { Template } from '../template.ts';
import type { PipelineDefinition, StepDefinition } from './pipelineDefinition.ts';

export interface PipelineGraph {
  /** Each step after its predecessors, otherwise in the order of the definition. */
  readonly ordered: readonly StepDefinition[];
  /** Ids of the steps that must be done before a step, by its id. */
  readonly predecessors: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * The order of a pipeline's steps.
 *
 * @throws RunledgerError `invalid-argument` for steps that have the same id, that wait for each other, or that name a step, an
 * output or a parameter that is not there
 */
export function graphOf(definition: PipelineDefinition): PipelineGraph {
  const steps = new Map<string, StepDefinition>();
  for (const step of definition.steps) {
    if (steps.has(step.id)) {
      throw new RunledgerError('invalid-argument', `Two steps of the pipeline have the id "${step.id}".`);
    }
    steps.set(step.id, step);
  }
  const predecessors = new Map<string, ReadonlySet<string>>();
  for (const step of definition.steps) {
    for (const template of templatesOf(step.job)) {
      assertNamesKnown(template, step, steps, definition.parameters);
    }
    const ids = new Set([...step.runAfter, ...templatesOf(step.job).flatMap(inputStepsOf)]);
    for (const id of ids) {
      if (!steps.has(id)) {
        throw new RunledgerError(
          'invalid-argument',
          `The step "${step.name}" comes after a step that is not in the pipeline: ${id}.`,
        );
      }
    }
    predecessors.set(step.id, ids);
  }
  return { ordered: inOrder(definition.steps, predecessors), predecessors };
}

function inputStepsOf(template: Template): string[] {
  if (typeof template === 'string') {
    return [];
  }
  return 'parts' in template ? template.parts.flatMap(inputStepsOf) : 'input' in template ? [template.input.step] : [];
}

function assertNamesKnown(
  template: Template,
  step: StepDefinition,
  steps: ReadonlyMap<string, StepDefinition>,
  parameters: PipelineDefinition['parameters'],
): void {
  if (typeof template === 'string') {
    return;
  }
  const refuse = (what: string): never => {
    throw new RunledgerError('invalid-argument', `The step "${step.name}" uses ${what}.`);
  };
  if ('parts' in template) {
    for (const part of template.parts) {
      assertNamesKnown(part, step, steps, parameters);
    }
  } else if ('parameter' in template) {
    if (!Object.hasOwn(parameters, template.parameter)) {
      refuse(`the parameter "${template.parameter}", which the pipeline does not have`);
    }
  } else if ('output' in template) {
    if (!step.outputs.some(({ name }) => name === template.output)) {
      refuse(`the output "${template.output}", which it does not have`);
    }
  } else {
    const { step: id, output } = template.input;
    const source = steps.get(id);
    if (source !== undefined && !source.outputs.some(({ name }) => name === output)) {
      refuse(`the output "${output}" of the step "${source.name}", which has none of this name`);
    }
  }
}

function inOrder(
  steps: readonly StepDefinition[],
  predecessors: ReadonlyMap<string, ReadonlySet<string>>,
): readonly StepDefinition[] {
  const ordered: StepDefinition[] = [];
  const done = new Set<string>();
  let waiting = [...steps];
  while (waiting.length > 0) {
    const ready = waiting.filter(({ id }) => [...(predecessors.get(id) ?? [])].every((before) => done.has(before)));
    if (ready.length === 0) {
      throw new RunledgerError(
        'invalid-argument',
        `Steps of the pipeline wait for each other: ${cycle(waiting, predecessors)}.`,
        {
          advice: 'Take one of these dependencies away.',
        },
      );
    }
    for (const step of ready) {
      ordered.push(step);
      done.add(step.id);
    }
    waiting = waiting.filter(({ id }) => !done.has(id));
  }
  return ordered;
}

/** One cycle among steps each of which has a predecessor among them, as `a -> b -> a`, in the order in which they would run. */
function cycle(waiting: readonly StepDefinition[], predecessors: ReadonlyMap<string, ReadonlySet<string>>): string {
  const byId = new Map(waiting.map((step) => [step.id, step]));
  const path: StepDefinition[] = [];
  let step = waiting[0];
  while (step !== undefined && !path.includes(step)) {
    path.push(step);
    step = [...(predecessors.get(step.id) ?? [])].map((id) => byId.get(id)).find((before) => before !== undefined);
  }
  const start = step === undefined ? 0 : path.indexOf(step);
  const names = path.slice(start).map(({ name }) => name);
  return [...names, names[0] ?? ''].reverse().join(' -> ');
}
