/** Keys of jobs that are right, and have no effect on this machine. */

export interface IgnoredKey {
  readonly path: readonly string[];
  /** A sentence. */
  readonly reason: string;
}

/** `*` stands for any key. Of a command, wherever it is. */
const ofCommands: readonly string[] = [
  'environment.image',
  'environment.build',
  'environment.inference_config',
  'identity',
  'services',
  'queue_settings',
  'resources.instance_type',
  'resources.shm_size',
  'resources.docker_args',
  'resources.locations',
  'resources.properties',
  'resources.max_instance_count',
  'resources.runtime_version',
  'outputs.*.path',
];
const ofJobs: readonly string[] = [
  'parent_job_name',
  'sampling_algorithm.rule',
  'sampling_algorithm.logbase',
  'settings.default_datastore',
  'settings.on_init',
  'settings.on_finalize',
  'settings.environment',
];
const patterns: readonly (readonly string[])[] = [
  ...ofJobs,
  ...['', 'trial.', 'jobs.*.'].flatMap((prefix) => ofCommands.map((key) => `${prefix}${key}`)),
].map((pattern) => pattern.split('.'));

/** @param job the content of the file */
export function ignoredKeys(job: unknown): readonly IgnoredKey[] {
  return patterns.flatMap((pattern) =>
    pathsOf(job, pattern).map((path) => ({ path, reason: `${path.join('.')} has no effect on this machine.` })),
  );
}

/** The paths in a value that a pattern fits. */
function pathsOf(value: unknown, [key, ...rest]: readonly string[]): readonly (readonly string[])[] {
  if (key === undefined) {
    return [[]];
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [];
  }
  const entries = Object.entries(value).filter(([name, content]) => (key === '*' || name === key) && content != null);
  return entries.flatMap(([name, content]) => pathsOf(content, rest).map((path) => [name, ...path]));
}
