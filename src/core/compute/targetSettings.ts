/** What the file of a compute target may say: `compute/<name>.yml` (docs/compute-targets.md). */
import * as v from 'valibot';
import { optionalField } from '../base/definitionFile.ts';

const text = v.pipe(v.string('must be a text'), v.trim(), v.nonEmpty('must not be empty'));
const texts = v.array(text, 'must be a list of texts');
const count = v.pipe(
  v.number('must be a number'),
  v.integer('must be a whole number'),
  v.minValue(1, 'must be at least 1'),
);
const card = v.pipe(
  v.number('must be the index of a card'),
  v.integer('must be a whole number'),
  v.minValue(0, 'must be 0 or more'),
);
/** Every kind may have them. */
const common = { description: optionalField(v.string('must be a text')) };

function settingsOf<TEntries extends v.ObjectEntries>(kind: string, entries: TEntries) {
  return v.strictObject(entries, ({ expected }) =>
    expected === 'never' ? `is no key of a compute target of type ${kind}` : 'must be a set of keys with values',
  );
}

/** This machine: how many runs go on at once, and which cards they share out. */
export const localSettings = v.pipe(
  settingsOf('local', {
    ...common,
    type: optionalField(v.literal('local', 'must be local')),
    maxConcurrentRuns: optionalField(count),
    gpus: optionalField(v.array(card, 'must be a list of indexes of cards')),
    gpusPerRun: optionalField(count),
  }),
  v.check(
    ({ gpus = [], gpusPerRun = 1 }) => gpus.length === 0 || gpusPerRun <= gpus.length,
    'gpusPerRun is more than there are in gpus',
  ),
);

/** Containers on this machine. */
export const dockerSettings = settingsOf('docker', {
  ...common,
  type: v.literal('docker'),
  /** The program: `docker`, `podman`, or a path. */
  cli: optionalField(text),
  /** Taken where the run configuration names no image. */
  image: optionalField(text),
  /** As `--shm-size`: `2g`. */
  shmSize: optionalField(text),
  /** Further arguments of `docker run`. */
  arguments: optionalField(texts),
  /** As `--volume`: `/data:/data:ro`. */
  volumes: optionalField(texts),
});

/** Another machine, reached with the system's OpenSSH. */
export const sshSettings = settingsOf('ssh', {
  ...common,
  type: v.literal('ssh'),
  /** As `ssh` takes it: a name of the user's configuration, `host`, or `user@host`. */
  host: text,
  port: optionalField(count),
  identityFile: optionalField(text),
  /** In place of `~/.ssh/config`. */
  configFile: optionalField(text),
  /** The Python there that runs the supervisor, and the scripts of run configurations that name none. */
  python: optionalField(text),
  /** Where runs lie on the host while they go on. */
  folder: optionalField(text),
});

/** A Slurm cluster: this machine submits to it, or a target of type ssh does. */
export const slurmSettings = settingsOf('slurm', {
  ...common,
  type: v.literal('slurm'),
  /** The name of a compute target of type ssh, where jobs are submitted there. */
  host: optionalField(text),
  partition: optionalField(text),
  account: optionalField(text),
  qos: optionalField(text),
  nodes: optionalField(count),
  cpusPerTask: optionalField(count),
  /** Of each node. */
  gpus: optionalField(count),
  /** As `--time`: `1-12:00:00`, minutes, `2:30:00`. */
  time: optionalField(v.pipe(v.union([v.string(), v.number()], 'must be a text or minutes'), v.transform(String))),
  /** Of each node, as `--mem`: `16G`. */
  memory: optionalField(v.pipe(v.union([v.string(), v.number()], 'must be a text or MB'), v.transform(String))),
  /** Further lines of the job's script, without `#SBATCH`: `--constraint=a100`. */
  sbatch: optionalField(texts),
  /** Lines of shell before the run starts on a node: `module load cuda`. */
  setup: optionalField(texts),
  /** The Python on the nodes that runs the supervisor. */
  python: optionalField(text),
});

export type LocalSettings = v.InferOutput<typeof localSettings>;
export type DockerSettings = v.InferOutput<typeof dockerSettings>;
export type SshSettings = v.InferOutput<typeof sshSettings>;
export type SlurmSettings = v.InferOutput<typeof slurmSettings>;

/** Of the targets that a person defines; `local` is always there. */
export const definedSettings = v.variant(
  'type',
  [dockerSettings, sshSettings, slurmSettings],
  ({ received, expected }) =>
    expected === 'Object'
      ? 'must be a set of keys with values'
      : `must be docker, ssh or slurm, and is ${received === 'undefined' ? 'missing' : received}`,
);
export type DefinedSettings = v.InferOutput<typeof definedSettings>;
export type DefinedType = DefinedSettings['type'];
