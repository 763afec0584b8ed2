/** What a run's job asks Slurm for: the target's settings and the run configuration's processes, as options of `sbatch`. */
import type { Distribution } from '../../run-configurations/distribution.ts';
import type { SlurmSettings } from '../targetSettings.ts';

/** The property of a run that names its job: `12`, or `12_3` in an array. */
export const jobProperty = 'slurm.jobId';

/** How the supervisor submits a run as a job, and what starts it on the first node. */
export interface SlurmJob {
  /** Of `sbatch`, from the settings. */
  readonly options: readonly string[];
  /** `#SBATCH` lines of the person's own. */
  readonly lines: readonly string[];
  /** Lines of shell before the supervisor starts. */
  readonly setup: readonly string[];
  /** On the nodes; null for the run's interpreter. */
  readonly python: string | null;
  /** Of each task, which `srun` does not take over from the job by itself; null: one. */
  readonly cpusPerTask: number | null;
}

/** The part of a launch that makes it a job. */
export function slurmJob(settings: SlurmSettings, distribution: Distribution | undefined): SlurmJob {
  return {
    options: jobOptions(settings, distribution),
    lines: settings.sbatch ?? [],
    setup: settings.setup ?? [],
    python: settings.python ?? null,
    cpusPerTask: settings.cpusPerTask ?? null,
  };
}

/** A script without anything to do, to ask `sbatch --test-only` whether it would take the job. */
export function testScript({ lines }: SlurmJob): string {
  return ['#!/bin/bash', ...lines.map((line) => `#SBATCH ${line}`), 'true', ''].join('\n');
}

function jobOptions(settings: SlurmSettings, distribution: Distribution | undefined): string[] {
  const { partition, account, qos, cpusPerTask, gpus, time, memory } = settings;
  const nodes = distribution === undefined || distribution.nodes === 1 ? (settings.nodes ?? 1) : distribution.nodes;
  const processes = distribution === undefined ? 1 : distribution.processes + distribution.parameterServers;
  const option = (name: string, value: string | number | undefined): string[] =>
    value === undefined ? [] : [`--${name}=${value}`];
  return [
    ...option('partition', partition),
    ...option('account', account),
    ...option('qos', qos),
    ...option('nodes', nodes),
    ...option('ntasks-per-node', Math.ceil(processes / nodes)),
    ...option('cpus-per-task', cpusPerTask),
    // Of the two ways to ask for cards the one that every scheduler's plugin knows.
    ...option('gres', gpus === undefined ? undefined : `gpu:${gpus}`),
    ...option('time', time),
    ...option('mem', memory),
  ];
}
