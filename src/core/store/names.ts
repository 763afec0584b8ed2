/**
 * The rules for names that become part of a path (docs/store-format.md, "Names"). They are checked here and nowhere else.
 */
import { RunledgerError } from '../base/errors.ts';

const maxExperimentNameLength = 128;
const maxExperimentNameBytes = 200;
const maxRunIdBytes = 235;
const maxArtifactPathLength = 5000;
const maxSegmentBytes = 255;

const allowedCharacters = /^[\p{L}\p{M}\p{N}_\-. ]+$/u;
const allowedStart = /^[\p{L}\p{N}]/u;
const windowsDeviceName = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i;

function byteLength(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

function checkPathName(name: string): string | undefined {
  if (!allowedStart.test(name)) {
    return 'it must start with a letter or a digit';
  }
  if (!allowedCharacters.test(name)) {
    return 'only letters, digits, "_", "-", "." and spaces are allowed';
  }
  if (/[. ]$/.test(name)) {
    return 'it must not end with a dot or a space';
  }
  if (windowsDeviceName.test(name)) {
    return 'Windows reserves this name for a device';
  }
  return undefined;
}

/** What has a name by the rules of experiments. */
export type NamedKind =
  | 'experiment'
  | 'model'
  | 'environment'
  | 'data set'
  | 'compute target'
  | 'run configuration'
  | 'view';

/** What is wrong with an experiment's name, as a sentence for a person; undefined where nothing is. */
export function checkExperimentName(name: string): string | undefined {
  return checkName('experiment', name);
}

function checkName(kind: NamedKind, name: string): string | undefined {
  const problem = nameProblem(name.normalize('NFC'));
  const article = /^[aeiou]/.test(kind) ? 'an' : 'a';
  return problem === undefined ? undefined : `"${name}" cannot be ${article} ${kind}'s name: ${problem}.`;
}

function nameProblem(name: string): string | undefined {
  if (name.length === 0) {
    return 'it is empty';
  }
  if ([...name].length > maxExperimentNameLength) {
    return `it has more than ${maxExperimentNameLength} characters`;
  }
  if (byteLength(name) > maxExperimentNameBytes) {
    return `it takes more than ${maxExperimentNameBytes} bytes`;
  }
  return checkPathName(name);
}

/** The name in the form in which it is stored. Throws `invalid-name`. */
export function normalizeExperimentName(name: string): string {
  return normalizeName('experiment', name);
}

/** The name of an experiment, a model and the like in the form in which it is stored. Throws `invalid-name`. */
export function normalizeName(kind: NamedKind, name: string): string {
  const problem = checkName(kind, name);
  if (problem !== undefined) {
    throw new RunledgerError('invalid-name', problem, {
      advice: 'Choose another name, such as "digits" or "resnet-50".',
    });
  }
  return name.normalize('NFC');
}

/** The folder name of an experiment: its name whatever the case. Throws `invalid-name`. */
export function experimentKey(name: string): string {
  return nameKey('experiment', name);
}

/** What names the folder or the file of a model, an environment and the like: its name whatever the case. Throws `invalid-name`. */
export function nameKey(kind: NamedKind, name: string): string {
  return normalizeName(kind, name).toLowerCase().normalize('NFC');
}

export function isRunId(id: string): boolean {
  return byteLength(id) <= maxRunIdBytes && checkPathName(id) === undefined;
}

/** Throws `invalid-name` for text that cannot be a run's id. */
export function assertRunId(id: string): void {
  if (!isRunId(id)) {
    throw new RunledgerError('invalid-name', `"${id.slice(0, 80)}" is not a run id.`, {
      advice: 'Run ids look like digits_1763674412_3fa9c1de.',
    });
  }
}

/** What is wrong with an artifact's path; undefined where nothing is. */
export function artifactPathProblem(path: string): string | undefined {
  if (path.length === 0) {
    return 'it is empty';
  }
  if ([...path].length > maxArtifactPathLength) {
    return `it has more than ${maxArtifactPathLength} characters`;
  }
  if (path.includes('\0') || path.includes('\\')) {
    return 'it has a backslash or a NUL character';
  }
  if (/^[A-Za-z]:/.test(path)) {
    return 'it starts with a drive letter';
  }
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.' || segment === '..') {
      return 'it must be relative, without empty, "." or ".." segments';
    }
    if (byteLength(segment) > maxSegmentBytes) {
      return `a segment takes more than ${maxSegmentBytes} bytes`;
    }
  }
  return undefined;
}

/** Throws `invalid-name` for a path that is not an artifact's. */
export function assertArtifactPath(path: string): void {
  const problem = artifactPathProblem(path);
  if (problem !== undefined) {
    throw new RunledgerError('invalid-name', `"${path.slice(0, 120)}" cannot be the name of a run's file: ${problem}.`);
  }
}
