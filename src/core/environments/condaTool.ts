/** The program that makes conda environments on this machine, and how it is called. */
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { findOnPath, isFile } from '../base/commandPath.ts';
import type { StepTool } from './buildSession.ts';
import { pipEnvironment } from './pipProcess.ts';

export interface CondaTool {
  readonly kind: 'conda' | 'mamba' | 'micromamba';
  /** Absolute. */
  readonly path: string;
}

/** mamba is the faster of the two that installers put side by side. */
const commands = ['mamba', 'conda', 'micromamba'] as const;
/** Where installers put conda when nobody chooses. */
const distributions = ['miniforge3', 'mambaforge', 'miniconda3', 'anaconda3', 'micromamba'] as const;
const commonFolders = ['/opt/conda', '/opt/miniforge3', '/opt/homebrew/Caskroom/miniforge/base'] as const;
const quotedLines = 4;
const failureStart =
  /^(error|critical)\b|^\w*(Error|PackagesNotFound|ResolvePackageNotFound|UnsatisfiableError)\b\w*:|^Could not solve/;

/**
 * Finds the program: what `RUNLEDGER_CONDA` names, what activated shells say (`MAMBA_EXE`, `CONDA_EXE`), on the path, and where installers
 * put it.
 *
 * @returns undefined where there is none
 */
export async function findCondaTool(environment: NodeJS.ProcessEnv = process.env): Promise<CondaTool | undefined> {
  for (const named of [environment.RUNLEDGER_CONDA, environment.MAMBA_EXE, environment.CONDA_EXE]) {
    if (named !== undefined && named !== '' && (await isFile(named))) {
      return condaToolAt(named);
    }
  }
  for (const command of commands) {
    const found = await findOnPath(command);
    if (found !== undefined) {
      return condaToolAt(found);
    }
  }
  for (const path of usualPlaces(homedir(), process.platform)) {
    if (await isFile(path)) {
      return condaToolAt(path);
    }
  }
  return undefined;
}

export function condaToolAt(path: string): CondaTool {
  const name = basename(path).toLowerCase();
  const kind = name.startsWith('micromamba') ? 'micromamba' : name.startsWith('mamba') ? 'mamba' : 'conda';
  return { kind, path };
}

/** Paths to try, best first. */
export function usualPlaces(home: string, platform: NodeJS.Platform): readonly string[] {
  const isWindows = platform === 'win32';
  const roots = [...distributions.map((name) => join(home, name)), ...(isWindows ? [] : commonFolders)];
  const programs = isWindows
    ? [join('Scripts', 'mamba.exe'), join('Scripts', 'conda.exe'), 'micromamba.exe']
    : [join('bin', 'mamba'), join('bin', 'conda'), join('bin', 'micromamba')];
  const alone = isWindows ? [] : [join(home, '.local', 'bin', 'micromamba')];
  return [...roots.flatMap((root) => programs.map((program) => join(root, program))), ...alone];
}

/** The arguments that make an environment of a specification, at a folder that is not there yet. */
export function createArguments({ kind }: CondaTool, prefix: string, specification: string): readonly string[] {
  const place = ['--prefix', prefix, '--file', specification];
  return kind === 'micromamba' ? ['create', '--yes', ...place] : ['env', 'create', '--quiet', ...place];
}

/** The variables that it is started with, so that it asks nothing and installs nowhere else. */
export function condaVariables(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  // Versions differ in whether `env create` takes `--yes`; all of them take the variables of their settings.
  return {
    ...pipEnvironment(environment),
    CONDA_ALWAYS_YES: 'true',
    MAMBA_ALWAYS_YES: 'true',
    MAMBA_NO_BANNER: '1',
    PIP_NO_INPUT: '1',
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
  };
}

export const condaStepTool: StepTool = {
  stepOf: (line) =>
    /^\s*((?:Collecting package metadata|Solving environment|Downloading|Extracting|Linking|Preparing transaction|Executing transaction|Installing pip dependencies|Collecting|Installing)\b[^(:]*)/
      .exec(line)?.[1]
      ?.trim(),
  lastWords: (output) => {
    const lines = output
      .split(/[\r\n]+/)
      .map((line) => line.trimEnd())
      .filter((line) => line.trim() !== '' && !/^(warning|Retrieving|\[|WARNING)/.test(line));
    const start = lines.findIndex((line) => failureStart.test(line));
    return (start === -1 ? lines.slice(-quotedLines) : lines.slice(start, start + quotedLines)).join('\n');
  },
  isOffline: (output) =>
    /CondaHTTPError|CondaSSLError|Connection(Failed|Error)|Could not resolve host|Download error|Name or service not known/i.test(
      output,
    ),
};

/** The interpreter of a conda environment. */
export function interpreterOfConda(prefix: string): string {
  return process.platform === 'win32' ? join(prefix, 'python.exe') : join(prefix, 'bin', 'python');
}
