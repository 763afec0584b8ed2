/** Child runs of the invented run: trials of a sweep, steps of a pipeline. */
import type { ChildRunModel, OrchestrationModel, RunStateModel, StepModel } from '../../src/protocol/runPage.ts';
import { noiseOf, START } from './curves.ts';

const running: RunStateModel = {
  status: 'Running',
  startTime: START,
  endTime: undefined,
  exitCode: undefined,
  failure: undefined,
  displayName: undefined,
  canCancel: true,
};

/** The trials of a sweep, the last two of which go on. */
function trials(): ChildRunModel[] {
  const statuses = ['Completed', 'Completed', 'Canceled', 'Completed', 'Failed'] as const;
  return Array.from({ length: 31 }, (_, index): ChildRunModel => {
    const status = index > 28 ? 'Running' : (statuses[index % statuses.length] ?? 'Completed');
    const startTime = START + index * 40;
    return {
      id: `HD_2b1e6a0c-5d1f-4f57-9d5e-0c4d1f6b7a11_${index}`,
      label: `trial ${index}`,
      number: 129 + index,
      createdTime: startTime - 2,
      state: {
        ...running,
        status,
        startTime,
        endTime: status === 'Running' ? undefined : startTime + 180 + 60 * noiseOf(index),
        failure: status === 'Failed' ? { message: 'CUDA out of memory' } : undefined,
        displayName: undefined,
      },
      parameters: [
        ['--lr', 10 ** (-2.5 + noiseOf(index))],
        ['--weight-decay', 10 ** (-3.5 + noiseOf(index + 40))],
        ['--batch-size', [64, 128, 256][index % 3] ?? 64],
        ['--schedule', index % 4 === 0 ? 'step' : 'cosine'],
      ],
      metrics:
        status === 'Failed'
          ? []
          : [
              ['val/accuracy', 0.9 + 0.03 * noiseOf(index + 7)],
              ['val/loss', 0.27 - 0.03 * noiseOf(index + 7)],
            ],
    };
  });
}

const steps: readonly StepModel[] = [
  { id: 'prepare', name: 'prepare', type: 'PythonScriptStep', target: 'local', after: [] },
  { id: 'augment', name: 'augment', type: 'PythonScriptStep', target: 'local', after: ['prepare'] },
  { id: 'train18', name: 'train resnet18', type: 'PythonScriptStep', target: 'gpu-box-2', after: ['augment'] },
  {
    id: 'train34',
    name: 'train resnet34 <b>with</b> a long name',
    type: 'PythonScriptStep',
    target: 'a100-node',
    after: ['augment'],
  },
  { id: 'ensemble', name: 'ensemble', type: 'PythonScriptStep', target: 'gpu-box-2', after: ['train18', 'train34'] },
  { id: 'report', name: 'report', type: 'PythonScriptStep', target: undefined, after: ['ensemble', 'prepare'] },
];

function stepRuns(): ChildRunModel[] {
  const statuses = ['Completed', 'Completed', 'Running', 'Failed'] as const;
  return statuses.map((status, index): ChildRunModel => {
    const step = steps[index];
    const startTime = START + index * 60;
    return {
      id: `step_${index}`,
      label: step?.name ?? '',
      number: 15 + index,
      createdTime: startTime - 2,
      state: {
        ...running,
        status,
        startTime,
        endTime: status === 'Running' ? undefined : startTime + 118,
        failure: status === 'Failed' ? { message: 'CUDA out of memory' } : undefined,
        displayName: step?.name,
      },
      parameters: [],
      metrics: index === 2 ? [['val/accuracy', 0.871]] : [],
      stepId: step?.id ?? '',
      ...(index === 0 && { reusedFrom: 'ensemble_1763660312_02c7d4ee' }),
    };
  });
}

export function orchestrationOf(scenario: string): OrchestrationModel | undefined {
  return scenario === 'pipeline'
    ? { kind: 'pipeline', steps }
    : scenario === 'sweep'
      ? { kind: 'sweep', sampling: 'bayesian', policy: 'none', trialLimit: 40 }
      : undefined;
}

export function childrenOf(scenario: string): readonly ChildRunModel[] {
  return scenario === 'sweep' ? trials() : scenario === 'pipeline' ? stepRuns() : [];
}
