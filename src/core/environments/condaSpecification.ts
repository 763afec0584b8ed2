/** The file that a conda environment is made of: what the person wrote, as far as it is to be installed. */
import { type CondaDependencies, wantedPython } from './condaDependencies.ts';
import type { CondaTool } from './condaTool.ts';
import type { PipRequirements } from './pipRequirements.ts';

/** As a conda environment file has it. */
export interface CondaSpecification {
  readonly channels?: readonly string[];
  readonly dependencies: readonly (string | { readonly pip: readonly string[] })[];
}

export interface SpecifiedConda {
  readonly specification: CondaSpecification;
  /** Sentences for a person. */
  readonly warnings: readonly string[];
}

const oldestMinor = 8;

/**
 * Channels and packages of conda stay as they were written. Of the lines for pip those are left out that Runledger stands for, and
 * their paths are absolute.
 *
 * @param fallbackPython the version where none is asked for, as `3.11.7`
 */
export function condaSpecification(
  dependencies: CondaDependencies,
  requirements: PipRequirements,
  { tool, fallbackPython }: { readonly tool: CondaTool['kind']; readonly fallbackPython: string },
): SpecifiedConda {
  const pip = [...requirements.options, ...requirements.packages];
  const wanted = wantedPython(dependencies);
  const isTooOld = wanted !== undefined && isOlder(wanted);
  const own = isTooOld ? dependencies.conda.filter((line) => !isNamed(line, 'python')) : dependencies.conda;
  const python = own.some((line) => isNamed(line, 'python'))
    ? []
    : [isTooOld ? `python>=3.${oldestMinor}` : `python=${fallbackPython.split('.').slice(0, 2).join('.')}`];
  const needsPip = pip.length > 0 && !own.some((line) => isNamed(line, 'pip'));
  // Conda has channels of its own where a specification names none; micromamba has not.
  const channels = dependencies.channels ?? (tool === 'micromamba' ? ['conda-forge'] : undefined);
  return {
    specification: {
      ...(channels && { channels }),
      dependencies: [...python, ...own, ...(needsPip ? ['pip'] : []), ...(pip.length > 0 ? [{ pip }] : [])],
    },
    warnings: isTooOld
      ? [
          `The environment asks for Python ${wanted}; Runledger needs 3.${oldestMinor} or later, so a later one is taken.`,
        ]
      : [],
  };
}

function isNamed(line: string, name: string): boolean {
  return new RegExp(`^(?:\\S+::)?${name}(?![\\w.-])`, 'i').test(line);
}

function isOlder(version: string): boolean {
  const [major = 0, minor = oldestMinor] = version.split('.').map(Number);
  return major < 3 || (major === 3 && minor < oldestMinor);
}
