/** Which files configure runs: told by their names, and by their first lines where the name does not tell. */
import { basename, dirname, extname } from 'node:path';

/** The schemas of Azure ML's later jobs, which name themselves in `$schema`. */
const jobSchema = /^\s*["']?\$schema["']?\s*:\s*["']?[^\s"']*\/(command|sweep|pipeline)Job\.schema\.json/m;

export type ConfigurationFileKind =
  | 'runConfiguration'
  | 'computeTarget'
  | 'condaEnvironment'
  | 'pipRequirements'
  | 'ignoreFile'
  | 'pipeline'
  | 'sweep'
  | 'commandJob'
  | 'sweepJob'
  | 'pipelineJob';

/** So much of a text is looked at. Whoever has the whole text need not cut it. */
export const tellingLength = 4096;

const jobKinds: Readonly<Record<string, ConfigurationFileKind>> = {
  command: 'commandJob',
  sweep: 'sweepJob',
  pipeline: 'pipelineJob',
};

/**
 * What a file configures; undefined for any other file.
 *
 * @param path absolute
 * @param text the file's text, or its first {@link tellingLength} characters
 */
export function configurationFileKind(path: string, text: string): ConfigurationFileKind | undefined {
  const name = basename(path).toLowerCase();
  const folder = basename(dirname(path));
  switch (extname(name)) {
    case '.runconfig':
      return 'runConfiguration';
    case '.yml':
    case '.yaml':
      return folder === 'compute' && basename(dirname(dirname(path))) === '.runledger'
        ? 'computeTarget'
        : kindOfYaml(name, text.slice(0, tellingLength));
    case '.txt':
      return /requirements/.test(name) || folder === 'requirements' ? 'pipRequirements' : undefined;
    case '':
      if (name === '.amlignore') {
        return 'ignoreFile';
      }
      return folder === '.azureml' && !name.startsWith('.') ? 'runConfiguration' : undefined;
    default:
      return undefined;
  }
}

function kindOfYaml(name: string, text: string): ConfigurationFileKind | undefined {
  const job = jobSchema.exec(text)?.[1];
  if (job !== undefined) {
    return jobKinds[job];
  }
  if (/^pipeline:\s*(#.*)?$/m.test(text) && /^\s+steps:/m.test(text)) {
    return 'pipeline';
  }
  if (/^sampling:\s*(#.*)?$/m.test(text) && /^\s+(parameter_space|type):/m.test(text)) {
    return 'sweep';
  }
  const isNamedSo = /^(conda|environment)\b|conda[_-]?(dep|env)|_env\b|environment/.test(name);
  // Compose files and manifests have "dependencies" too, but not as a list.
  const hasPackages = /^dependencies:\s*(#.*)?\r?\n(\s*#.*\r?\n)*\s*- \S/m.test(text);
  // MLflow's python_env.yaml looks like one, and is for pip.
  return hasPackages && !/^build_dependencies:/m.test(text) && (isNamedSo || /^channels:/m.test(text))
    ? 'condaEnvironment'
    : undefined;
}
