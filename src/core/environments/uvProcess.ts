/** How uv is called, so that it does what pip would. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findOnPath, isFile } from '../base/commandPath.ts';
import type { StepTool } from './buildSession.ts';
import { pipEnvironment } from './pipProcess.ts';
import type { PipRequirements } from './pipRequirements.ts';
import type { PipSettings } from './pipSettings.ts';

/** For output that is kept in a file, and for a Python that is chosen. */
export const uvSwitches = ['--no-progress', '--color', 'never', '--no-python-downloads'] as const;

/** Options of a requirements file that mean the same to uv. */
const commonOptions =
  /^(--(index-url|extra-index-url|find-links|no-index|no-binary|only-binary|constraint)|-i|-f|-c)\b/;
/** Settings of pip that change nothing about what is installed. */
const harmlessSettings =
  /^(default-timeout|timeout|retries|disable-pip-version-check|no-color|no-input|progress-bar|quiet|verbose|cache-dir|no-cache-dir|no-python-version-warning|no-warn-.*|root-user-action|break-system-packages|require-virtualenv|user|log|use-feature|exists-action|prefer-binary)$/;
const quotedLines = 4;

/** Where installers put it, which a window's path may lack. */
const usualFolders = ['.local/bin', '.cargo/bin'] as const;

/**
 * uv, absolute: what `UV` names, else that on the path, else where its installers put it. `RUNLEDGER_INSTALLER=pip` has it left alone.
 *
 * @returns undefined where there is none
 */
export async function findUv(environment: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  if (environment.RUNLEDGER_INSTALLER === 'pip') {
    return undefined;
  }
  const named = environment.UV;
  if (named !== undefined && named !== '' && (await isFile(named))) {
    return named;
  }
  const program = process.platform === 'win32' ? 'uv.exe' : 'uv';
  const found = await findOnPath('uv');
  if (found !== undefined) {
    return found;
  }
  for (const folder of usualFolders) {
    const path = join(homedir(), folder, program);
    if (await isFile(path)) {
      return path;
    }
  }
  return undefined;
}

/**
 * What a requirements file says that uv takes from its arguments alone.
 *
 * @returns undefined where it says something that uv does not know
 */
export function uvRequirementOptions({ options, packages }: PipRequirements): readonly string[] | undefined {
  const given: string[] = [];
  for (const option of options) {
    const host = /^--trusted-host[\s=]+(\S+)$/.exec(option)?.[1];
    if (host !== undefined) {
      given.push('--allow-insecure-host', host);
    } else if (option === '--pre') {
      given.push('--prerelease', 'allow');
    } else if (!(commonOptions.test(option) && !option.includes('"')) && option !== '--prefer-binary') {
      return undefined;
    }
  }
  // Of options for one package uv knows hashes alone.
  return packages.some((line) => /\s--(?!hash)/.test(line)) ? undefined : given;
}

/**
 * Settings of pip as the variables that tell uv the same.
 *
 * @returns undefined where one of them has no counterpart
 */
export function uvVariables(settings: PipSettings): NodeJS.ProcessEnv | undefined {
  const variables: NodeJS.ProcessEnv = {};
  for (const [name, value] of settings) {
    const words = value.split(/\s+/).filter((word) => word !== '');
    switch (name) {
      case 'index-url':
        variables.UV_DEFAULT_INDEX = value.trim();
        break;
      case 'extra-index-url':
        variables.UV_INDEX = words.join(' ');
        break;
      case 'find-links': {
        // pip passes over folders that are not there.
        const there = words.filter((word) => /^[a-z+]+:\/\//i.test(word) || existsSync(word));
        if (there.length > 0) {
          variables.UV_FIND_LINKS = there.join(',');
        }
        break;
      }
      case 'no-index':
        if (isSwitchedOn(value)) {
          variables.UV_NO_INDEX = '1';
        }
        break;
      case 'pre':
        if (isSwitchedOn(value)) {
          variables.UV_PRERELEASE = 'allow';
        }
        break;
      case 'trusted-host':
        variables.UV_INSECURE_HOST = words.join(' ');
        break;
      case 'constraint':
        variables.UV_CONSTRAINT = words.join(' ');
        break;
      case 'cert':
        variables.SSL_CERT_FILE = value;
        break;
      case 'proxy':
        variables.ALL_PROXY = value;
        break;
      default:
        if (!harmlessSettings.test(name)) {
          return undefined;
        }
    }
  }
  return variables;
}

function isSwitchedOn(value: string): boolean {
  return /^(1|true|yes|on)$/i.test(value.trim());
}

/** The variables that uv is started with: those of pip, and the user's own for uv before what was translated. */
export function uvEnvironment(environment: NodeJS.ProcessEnv, translated: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const elsewhere = /^(UV_(PYTHON|SYSTEM_PYTHON|TARGET|PREFIX|PROJECT_ENVIRONMENT)|CONDA_(PREFIX|DEFAULT_ENV))$/i;
  const kept = Object.entries(pipEnvironment(environment)).filter(([name]) => !elsewhere.test(name));
  // As pip does, of several indexes the best version is taken, and not the first index that has the name.
  return { UV_INDEX_STRATEGY: 'unsafe-best-match', ...translated, ...Object.fromEntries(kept) };
}

export const uvTool: StepTool = {
  stepOf: (line) => /^\s*((?:Resolved|Prepared|Installed|Building|Downloading|Creating)\b.*)/m.exec(line)?.[1]?.trim(),
  lastWords: (output) => {
    const lines = output
      .split(/\r?\n/)
      .map((line) => line.trimEnd())
      .filter((line) => line.trim() !== '' && !/^(warning|hint|Using Python)\b/.test(line));
    const start = lines.findLastIndex((line) => /^(error:|\s*×)/.test(line));
    return (start === -1 ? lines.slice(-quotedLines) : lines.slice(start, start + quotedLines)).join('\n');
  },
  isOffline: (output) => /error sending request|dns error|tcp connect error|operation timed out/i.test(output),
};
