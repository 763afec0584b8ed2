import type {
  ChildRunModel,
  MetricModel,
  OrchestrationModel,
  RunPageModel,
  RunStateModel,
  StepModel,
} from '../../src/protocol/runPage.ts';
import { toWire } from '../../src/protocol/wire.ts';
import type { Points } from './series.ts';

/** A curve of the invented run that the harness shows. */
export interface Curve {
  readonly name: string;
  readonly every: number;
  readonly at: (progress: number, noise: number) => number;
}

export const NOW = Math.floor(Date.now() / 1000);
export const START = NOW - 1448;
const LAST_STEP = 21_120;

/** Repeats itself, so that screenshots can be compared. */
export function noiseOf(seed: number): number {
  const value = Math.sin(seed * 12.9898) * 43_758.5453;
  return (value - Math.floor(value)) * 2 - 1;
}

export const curves: readonly Curve[] = [
  { name: 'val/accuracy', every: 352, at: (p, n) => 0.94 - 0.61 * Math.exp(-p * 7) + 0.006 * n },
  { name: 'val/loss', every: 352, at: (p, n) => 0.21 + 2.12 * Math.exp(-p * 6) + 0.012 * n },
  { name: 'train/loss', every: 16, at: (p, n) => (0.058 + 2.3 * Math.exp(-p * 7)) * (1 + 0.16 * n) },
  { name: 'train/accuracy', every: 32, at: (p, n) => 0.98 - 0.86 * Math.exp(-p * 6) + 0.015 * n },
  { name: 'train/grad_norm', every: 32, at: (p, n) => 0.8 + 7 * Math.exp(-p * 6) + 0.3 * n * n + (n > 0.985 ? 2 : 0) },
  { name: 'train/lr', every: 64, at: (p) => 3e-3 * Math.min(1, p * 14) * (0.5 + 0.5 * Math.cos(p * 3)) },
  { name: 'val/top5_accuracy', every: 352, at: (p, n) => 0.998 - 0.2 * Math.exp(-p * 8) + 0.001 * n },
  { name: 'val/ece', every: 352, at: (p, n) => 0.03 + 0.13 * Math.exp(-p * 5) + 0.002 * n },
  { name: 'images_per_second', every: 64, at: (_p, n) => 2577 + 120 * n },
];

export const manyCurves: readonly Curve[] = Array.from({ length: 50 }, (_, index) => ({
  name: `${index < 25 ? 'train' : 'val'}/metric_${index}`,
  every: 20,
  at: (p: number, n: number) => Math.exp(-p * (1 + (index % 7))) + 0.05 * n,
}));

/** More metrics than a page can hold charts. */
export const crowdedCurves: readonly Curve[] = Array.from({ length: 5000 }, (_, index) => ({
  name: `layer_${Math.floor(index / 50)}/weight_${index % 50}`,
  every: 2112,
  at: (p: number, n: number) => p + 0.1 * n,
}));

/** Names and values that a script may log by accident or by ill will. */
export const hostileCurves: readonly Curve[] = [
  { name: '<img src=x onerror=alert(1)>/loss', every: 64, at: (p, n) => 1 - p + 0.1 * n },
  { name: '\u202Etxt.exe/\u202Eloss', every: 64, at: (p) => -1e-300 * (1 + p) },
  { name: '\u001b[31mred\u001b[0m', every: 64, at: (p) => 1e300 * p },
  { name: 'long '.repeat(2000), every: 64, at: () => 5 },
  { name: ' ', every: 64, at: (p, n) => (n > 0.5 ? Number.NaN : p) },
  { name: 'never a number', every: 64, at: () => Number.NaN },
  { name: 'infinite', every: 64, at: (p) => (p > 0.5 ? Infinity : -p) },
  { name: 'a/b/c/d', every: 5280, at: (p) => p },
];

/** 50 metrics of 100,000 points each: what the page is measured with. */
export const heavyCurves: readonly Curve[] = Array.from({ length: 50 }, (_, index) => ({
  name: `${['train', 'val', 'grad'][index % 3]}/metric_${index}`,
  every: 0.2112,
  at: (p: number, n: number) => Math.exp(-p * (1 + (index % 7))) + 0.05 * n,
}));

const known = new Map<string, Points>();

/** All points of a curve. */
export function pointsOf(curve: Curve): Points {
  const made = known.get(curve.name);
  if (made !== undefined) {
    return made;
  }
  const points = { x: [] as number[], times: [] as number[], values: [] as number[] };
  known.set(curve.name, points);
  for (let index = 0; index * curve.every <= LAST_STEP; index++) {
    const x = index * curve.every;
    points.x.push(curve.every < 1 ? index : x);
    points.times.push(START + (x / LAST_STEP) * 1440);
    points.values.push(curve.at(x / LAST_STEP, noiseOf(x + curve.name.length)));
  }
  return points;
}

export function metricOf(curve: Curve): MetricModel {
  const { x, values } = pointsOf(curve);
  const points = values.flatMap((value, index) => (Number.isFinite(value) ? [{ x: x[index] ?? 0, value }] : []));
  const by = (sign: number) =>
    points.reduce<(typeof points)[number] | undefined>(
      (best, point) => (best === undefined || sign * point.value > sign * best.value ? point : best),
      undefined,
    );
  const last = toWire(values.at(-1) ?? 0);
  return {
    name: curve.name,
    kind: 'metric',
    description: undefined,
    count: values.length,
    last: typeof last === 'number' ? last : { $float: last },
    lastX: x.at(-1),
    min: by(-1),
    max: by(1),
    isNumeric: true,
    isSystem: false,
    columns: undefined,
  };
}

function single(name: string, last: MetricModel['last'], lastX?: number): MetricModel {
  const isNumeric = typeof last === 'number';
  return {
    name,
    kind: 'metric',
    description: undefined,
    count: 1,
    last,
    lastX,
    min: undefined,
    max: undefined,
    isNumeric,
    isSystem: false,
    columns: undefined,
  };
}

const running: RunStateModel = {
  status: 'Running',
  startTime: START,
  endTime: undefined,
  exitCode: undefined,
  failure: undefined,
  displayName: 'resnet18-cosine-3e3',
  canCancel: true,
};

const failure: RunStateModel = {
  ...running,
  status: 'Failed',
  endTime: START + 192,
  exitCode: 1,
  canCancel: false,
  displayName: 'resnet34-amp-bs1024',
  failure: {
    message: 'CUDA out of memory\nTried to allocate 3.02 GiB. GPU 0 has 23.6 GiB, of which 1.87 GiB are free.',
    type: 'torch.OutOfMemoryError',
    advice: 'Lower the batch size, or submit the run to a target with more memory.',
    traceback: `Traceback (most recent call last):
  File "/home/mara/vision/.runledger/experiments/cifar10-resnet/runs/r/.work/src/train.py", line 251, in <module>
    main(parse_args())
    ~~~~^^^^^^^^^^^^^^
  File "/home/mara/vision/.runledger/experiments/cifar10-resnet/runs/r/.work/src/train.py", line 214, in main
    loss = train_one_epoch(model, train, epoch)
  File "/opt/venv/lib/python3.12/site-packages/torch/nn/modules/module.py", line 1751, in _wrapped_call_impl
    return self._call_impl(*args, **kwargs)
  File "/opt/venv/lib/python3.12/site-packages/torch/nn/modules/module.py", line 1762, in _call_impl
    return forward_call(*args, **kwargs)
torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 3.02 GiB. GPU 0 has a total capacity of 23.6 GiB of which 1.87 GiB is free.
`,
  },
};

export const plot = (hue: number): string =>
  `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" width="320" height="240"><rect width="320" height="240" fill="white"/><path d="M20 220 C 80 40 140 200 300 30" stroke="hsl(${hue} 60% 45%)" fill="none" stroke-width="4"/></svg>`)}`;

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

function orchestrationOf(scenario: string): OrchestrationModel | undefined {
  return scenario === 'pipeline'
    ? { kind: 'pipeline', steps }
    : scenario === 'sweep'
      ? { kind: 'sweep', sampling: 'bayesian', policy: 'none', trialLimit: 40 }
      : undefined;
}

export function modelOf(scenario: string): RunPageModel {
  const isEmpty = scenario === 'empty';
  const isFailed = scenario === 'failed';
  const special: Readonly<Record<string, readonly Curve[]>> = {
    crowded: crowdedCurves,
    failed: curves.slice(0, 4),
    heavy: heavyCurves,
    hostile: hostileCurves,
    many: manyCurves,
  };
  const shown = special[scenario] ?? curves;
  const table: MetricModel = {
    ...single('per_class', null),
    kind: 'table',
    count: 10,
    columns: ['class', 'support', 'precision', 'recall', 'f1'],
  };
  const roc: MetricModel = {
    ...single('val/roc', null),
    kind: 'table',
    count: 101,
    columns: ['false_positive_rate', 'true_positive_rate'],
  };
  const large: MetricModel = {
    ...single('predictions', null),
    kind: 'table',
    count: 20_000,
    columns: ['image', 'truth', 'predicted', 'confidence'],
  };
  return {
    identity: {
      id: 'cifar10_1763674412_3fa9c1de',
      number: 128,
      workspace: 'vision',
      experiment: 'cifar10-resnet',
      type: scenario === 'sweep' ? 'Sweep' : scenario === 'pipeline' ? 'Pipeline' : 'Script',
      canResubmit: true,
      parentId: undefined,
      createdTime: START - 33,
      user: 'mara',
      host: 'gpu-box-2.lab',
      script: 'src/train.py',
      command: undefined,
      arguments: isEmpty
        ? []
        : [
            '--arch',
            'resnet18',
            '--lr',
            '3e-3',
            '--schedule',
            'cosine',
            '--warmup-epochs',
            '5',
            '--note',
            "it's a try",
          ],
      sourceDirectory: '/home/mara/vision',
      inPlace: false,
      target: 'local',
      runConfiguration: 'local',
      environment: 'vision',
      interpreter: '/home/mara/vision/.venv/bin/python',
      environmentVariables: isEmpty
        ? []
        : [
            ['OMP_NUM_THREADS', '8'],
            ['CUDA_VISIBLE_DEVICES', '0'],
          ],
      hasUncommittedDiff: !isEmpty,
    },
    state: isEmpty
      ? { ...running, status: 'Queued', startTime: undefined, displayName: undefined }
      : isFailed
        ? failure
        : running,
    annotations: {
      description: isEmpty
        ? undefined
        : `Cosine schedule with a 5-epoch warm-up, against the step schedule of run 121. Expect \`val/accuracy\` above 0.940 by epoch 60; otherwise go back to \`lr=1e-2\`. <b>not html</b>

- Mixup 0.2 kept from the baseline
- Gradient clipping removed, watch \`train/grad_norm\`
`,
      tags: isEmpty
        ? []
        : [
            ['team', 'vision'],
            ['stage', 'tuning'],
            ['mixup', null],
            ['<b>not html</b>', '<img src=x>'],
          ],
      properties: isEmpty
        ? []
        : [
            ['azureml.git.branch', 'main'],
            ['azureml.git.commit', '8c1f2e9d2b7a4f0c9d1e3a5b7c9d1e3f5a7b9c1d'],
            ['azureml.git.dirty', 'True'],
            ['azureml.git.repository_uri', 'git@example.org:vision/cifar.git'],
            ['runledger.python', '3.12.7'],
          ],
      parameters: isEmpty
        ? []
        : [
            ['arch', 'resnet18'],
            ['batch_size', 128],
            ['epochs', 90],
            ['lr', 0.003],
            ['warmup_epochs', 5],
            ['schedule', 'cosine'],
            ['weight_decay', 0.0005],
            ['momentum', 0.9],
            ['amp', true],
            ['seed', null],
          ],
      images:
        isEmpty || isFailed
          ? []
          : Array.from({ length: 8 }, (_, index) => ({
              name: index < 4 ? 'confusion' : 'samples',
              path: `images/plot_${index}.svg`,
              uri: plot(index * 45),
              step: index * 352,
              description: undefined,
            })),
      documents:
        isEmpty || isFailed
          ? []
          : [
              { name: 'confusion_matrix', schema: 'confusion_matrix', path: 'documents/confusion.json' },
              { name: 'accuracy', schema: 'accuracy_table', path: 'documents/roc.json' },
              { name: 'errors', schema: 'residuals', path: 'documents/residuals.json' },
              { name: 'fit', schema: 'predictions', path: 'documents/predictions.json' },
            ],
      snapshot: { hash: 'ab'.repeat(32), files: 41, bytes: 212_000 },
      warnings: isFailed ? ['The snapshot holds 312 MB. Add large folders to .amlignore.'] : [],
      problemCount: isFailed ? 2 : 0,
    },
    metrics: isEmpty
      ? []
      : [
          ...shown.map(metricOf),
          ...(scenario === 'many' || scenario === 'heavy'
            ? []
            : [
                single('num_parameters', 11_173_962),
                single('flops', 557_000_000),
                single('train_images', 45_000),
                single('val_images', 5000),
                single('initial_val_loss', 2.3318),
                single('best_val_accuracy', 0.94213, 57),
                single('device', 'NVIDIA RTX 4090'),
                table,
                roc,
                large,
              ]),
        ],
    files: isEmpty
      ? []
      : [
          ...[
            'logs/std_log.txt',
            'logs/system_log.txt',
            'outputs/checkpoints/best.pt',
            'outputs/checkpoints/last.pt',
            'outputs/config.json',
            'outputs/predictions.csv',
            'outputs/notes.md',
            'outputs/confusion.png',
          ].map((path, index) => ({
            path,
            bytes: [1_840_000, 12_100, 44_800_000, 89_600_000, 1220, 412_000, 804, 61_700][index] ?? 0,
            modifiedTime: NOW,
          })),
          ...Array.from({ length: 8 }, (_, index) => ({
            path: `images/plot_${index}.svg`,
            bytes: 3000,
            modifiedTime: NOW,
          })),
        ],
    children: scenario === 'sweep' ? trials() : scenario === 'pipeline' ? stepRuns() : [],
    orchestration: orchestrationOf(scenario),
    primaryMetric: scenario === 'sweep' ? { name: 'val/accuracy', goal: 'maximize' } : undefined,
  };
}
