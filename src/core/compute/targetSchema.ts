/** What the keys of a compute target's file mean, for the editor. Which there are is for `targetSettings.ts` to say: others do not compile. */
import type { Schema } from '../configuration-files/schema.ts';
import type { DockerSettings, LocalSettings, SlurmSettings, SshSettings } from './targetSettings.ts';

type Properties<T> = Readonly<Record<Exclude<keyof T, 'type'>, Schema>>;

const text = { type: 'string' } as const satisfies Schema;
const texts = { type: 'array', items: { type: 'string' } } as const satisfies Schema;
const count = { type: 'integer' } as const satisfies Schema;
const description = { ...text, description: 'For people.' } as const satisfies Schema;
const python = (place: string) => ({
  ...text,
  description: `The Python that runs the supervisor ${place}.`,
  default: 'python3',
});

const local: Properties<LocalSettings> = {
  description,
  maxConcurrentRuns: { ...count, description: 'Runs that go on at once; others wait in the queue of the machine.' },
  gpus: {
    type: 'array',
    items: { type: 'integer' },
    description: 'Indexes of the cards that runs share out; without, each run sees all.',
  },
  gpusPerRun: { ...count, description: 'Cards of each run, as `CUDA_VISIBLE_DEVICES`.', default: 1 },
};

const docker: Properties<DockerSettings> = {
  description,
  cli: { ...text, description: 'The program: `docker`, `podman`, or a path.', examples: ['docker', 'podman'] },
  image: { ...text, description: 'The image, where the run configuration names none.', examples: ['python:3.11'] },
  shmSize: { ...text, description: 'Shared memory of the container, as `2g`.', examples: ['2g'] },
  arguments: { ...texts, description: 'Further arguments of `docker run`.' },
  volumes: { ...texts, description: 'Folders that the container sees, as `/data:/data:ro`.' },
};

const ssh: Properties<SshSettings> = {
  description,
  host: { ...text, description: 'As `ssh` takes it: a name of your SSH configuration, `host`, or `user@host`.' },
  port: { ...count, description: 'The port of the SSH server.', default: 22 },
  identityFile: { ...text, description: 'The private key; without, those that `ssh` takes by itself.' },
  configFile: { ...text, description: 'In place of `~/.ssh/config`.' },
  python: python('there, and the scripts of run configurations that name none'),
  folder: { ...text, description: 'Where runs lie on the host while they go on.' },
};

const slurm: Properties<SlurmSettings> = {
  description,
  host: {
    ...text,
    description: 'The compute target of type `ssh` where jobs are submitted; without, this machine submits them.',
    refersTo: 'target',
  },
  partition: { ...text, description: 'As `--partition`.' },
  account: { ...text, description: 'As `--account`.' },
  qos: { ...text, description: 'As `--qos`.' },
  nodes: { ...count, description: 'As `--nodes`.' },
  cpusPerTask: { ...count, description: 'As `--cpus-per-task`.' },
  gpus: { ...count, description: 'Cards of each node.' },
  time: { type: ['string', 'integer'], description: 'As `--time`: `1-12:00:00`, minutes, `2:30:00`.' },
  memory: { type: ['string', 'integer'], description: 'Of each node, as `--mem`: `16G`.' },
  sbatch: { ...texts, description: 'Further lines of the job’s script, without `#SBATCH`: `--constraint=a100`.' },
  setup: { ...texts, description: 'Lines of shell before the run starts on a node: `module load cuda`.' },
  python: python('on the nodes'),
};

/** A compute target that a person defines. */
export const definedTargetSchema: Schema = {
  type: 'object',
  description: 'A compute target.',
  required: ['type'],
  properties: {
    type: {
      type: 'string',
      description: 'Where the target runs what is submitted to it.',
      enum: ['docker', 'ssh', 'slurm'],
      enumDescriptions: ['Containers on this machine.', 'Another machine.', 'A Slurm cluster.'],
    },
  },
  variants: {
    key: 'type',
    of: { docker: { properties: docker }, ssh: { properties: ssh, required: ['host'] }, slurm: { properties: slurm } },
  },
};

/** `local.yml`. */
export const localTargetSchema: Schema = {
  type: 'object',
  description: 'This machine as a compute target.',
  properties: {
    type: { type: 'string', description: 'This machine.', enum: ['local'] },
    ...local,
  },
};
