import type { MetricModel, RunPageModel, RunStateModel } from '../../src/protocol/runPage.ts';
import { childrenOf, orchestrationOf } from './childRuns.ts';
import {
  type Curve,
  crowdedCurves,
  curves,
  heavyCurves,
  hostileCurves,
  manyCurves,
  metricOf,
  NOW,
  START,
} from './curves.ts';

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
      label: 'run 128',
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
      ? {
          ...running,
          status: 'Queued',
          waitReason: 'In the queue of gpu, 3 before it (Resources)',
          startTime: undefined,
          displayName: undefined,
        }
      : isFailed
        ? failure
        : running,
    installed: isEmpty
      ? undefined
      : {
          python: '3.11.7',
          platform: 'Linux-6.1.0-x86_64-with-glibc2.36',
          gpus: ['NVIDIA A100-SXM4-40GB, 40960 MiB, 550.54.15'],
          packageCount: 142,
        },
    annotations: {
      description: isEmpty
        ? undefined
        : `Cosine schedule with a 5-epoch warm-up, against the step schedule of run 121. Expect \`val/accuracy\` above 0.940 by epoch 60; otherwise go back to \`lr=1e-2\`. <b>not html</b>

- Mixup 0.2 kept from the baseline
- Gradient clipping removed, watch \`train/grad_norm\`
`,
      notes: isEmpty || isFailed ? undefined : 'Learning rate **too high** after epoch 40? Next: `--min-lr 1e-4`.',
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
    children: childrenOf(scenario),
    orchestration: orchestrationOf(scenario),
    primaryMetric: scenario === 'sweep' ? { name: 'val/accuracy', goal: 'maximize' } : undefined,
  };
}
