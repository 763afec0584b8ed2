import { resolve } from 'node:path';
import { type CommandFields, codeOf } from './jobFields.ts';

/** What a command runs with, beside the command itself. Paths are absolute. */
export interface CommandSettings {
  readonly sourceDirectory: string;
  /** A conda environment file, or its content. */
  readonly conda: string | object | undefined;
  readonly environmentVariables: Readonly<Record<string, string>>;
  readonly maxRunDurationSeconds: number | undefined;
  /** Nodes, and processes of each, where there are several. */
  readonly distribution: { readonly kind: string; readonly nodes: number; readonly perNode: number } | undefined;
}

/** @param folder where the paths of the file begin */
export function commandSettingsOf(file: CommandFields, folder: string): CommandSettings {
  const code = codeOf(file);
  const conda = typeof file.environment === 'object' ? file.environment.conda_file : undefined;
  return {
    sourceDirectory: code === undefined ? folder : resolve(folder, code),
    conda: typeof conda === 'string' ? resolve(folder, conda) : conda,
    environmentVariables: Object.fromEntries(
      Object.entries(file.environment_variables ?? {}).map(([name, value]) => [name, String(value ?? '')]),
    ),
    maxRunDurationSeconds: file.limits?.timeout,
    distribution: distributionOf(file),
  };
}

function distributionOf({ distribution, resources }: CommandFields): CommandSettings['distribution'] {
  const kind = distribution?.type?.toLowerCase();
  return kind === undefined
    ? undefined
    : { kind, nodes: resources?.instance_count ?? 1, perNode: distribution?.process_count_per_instance ?? 1 };
}
