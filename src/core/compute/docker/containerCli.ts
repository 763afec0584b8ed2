/** The program that containers are run with: Docker's, or one that takes its commands, as Podman's. */
import { execFile } from 'node:child_process';
import { isAbsolute } from 'node:path';
import { findOnPath, isFile } from '../../base/commandPath.ts';
import { errorCode, RunledgerError } from '../../base/errors.ts';
import { isJsonObject } from '../../store/jsonFile.ts';

export interface ContainerCli {
  /** Absolute. */
  readonly path: string;
  readonly isPodman: boolean;
  /** What looks after containers runs as the user, who is `root` in them. */
  readonly isRootless: boolean;
  /** Of what carries containers out. */
  readonly version: string;
}

export interface CliOutput {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Looked for in this order where nothing is named. */
const usual = ['docker', 'podman'] as const;
const timeoutMs = 60_000;
const installAdvice = 'Install Docker or Podman; or name the program with "cli" in the file of the compute target.';

/**
 * Finds the program, and whether what it talks to answers.
 *
 * @param wanted a command on the path, or an absolute path
 * @throws RunledgerError `unsupported-target`; `canceled`
 */
export async function openContainerCli(
  wanted: string | undefined,
  signal: AbortSignal | undefined,
): Promise<ContainerCli> {
  if (process.platform === 'win32') {
    throw new RunledgerError('unsupported-target', 'Containers cannot be run from Windows itself.', {
      advice: 'Open the folder in WSL, where Docker runs too.',
    });
  }
  const path = await findCli(wanted);
  const { exitCode, stdout, stderr } = await runCli(path, ['info', '--format', '{{json .}}'], signal);
  const info = parsed(stdout);
  const problem = exitCode === 0 ? serverProblem(info) : lastLine(stderr);
  if (problem !== undefined) {
    throw new RunledgerError('unsupported-target', `${path} cannot run containers: ${problem}`, {
      advice: `Start its daemon, and check that "${path} info" succeeds for this user.`,
    });
  }
  return cliOf(path, info);
}

async function findCli(wanted: string | undefined): Promise<string> {
  if (wanted !== undefined && (isAbsolute(wanted) || /[\\/]/.test(wanted))) {
    if (isAbsolute(wanted) && (await isFile(wanted))) {
      return wanted;
    }
    throw new RunledgerError('unsupported-target', `There is no program ${wanted} to run containers with.`, {
      advice: installAdvice,
    });
  }
  for (const command of wanted === undefined ? usual : [wanted]) {
    const found = await findOnPath(command);
    if (found !== undefined) {
      return found;
    }
  }
  const names = wanted === undefined ? 'Neither docker nor podman is' : `There is no "${wanted}"`;
  throw new RunledgerError('unsupported-target', `${names} on the path, so no container can be run.`, {
    advice: installAdvice,
  });
}

function cliOf(path: string, info: unknown): ContainerCli {
  const root = isJsonObject(info) ? info : {};
  const { host, version } = root;
  if (isJsonObject(host)) {
    const security = isJsonObject(host.security) ? host.security : {};
    const number = isJsonObject(version) ? version.Version : undefined;
    return { path, isPodman: true, isRootless: security.rootless === true, version: textOf(number) };
  }
  const options = Array.isArray(root.SecurityOptions) ? root.SecurityOptions : [];
  const isRootless = options.some((option) => typeof option === 'string' && option.includes('name=rootless'));
  return { path, isPodman: false, isRootless, version: textOf(root.ServerVersion) };
}

/** Docker's client answers, with success, where there is no daemon. */
function serverProblem(info: unknown): string | undefined {
  const errors = isJsonObject(info) && Array.isArray(info.ServerErrors) ? info.ServerErrors : [];
  return errors.length === 0 ? undefined : sentence(errors.map(String).join(' '));
}

/**
 * Runs a command that is soon done. Resolves however it ends; what cannot be started has the exit code -1.
 *
 * @throws RunledgerError `canceled`
 */
export function runCli(
  path: string,
  args: readonly string[],
  signal: AbortSignal | undefined,
  limitMs: number = timeoutMs,
): Promise<CliOutput> {
  const options = {
    timeout: limitMs,
    killSignal: 'SIGKILL',
    maxBuffer: 16 * 1024 * 1024,
    windowsHide: true,
    encoding: 'utf8',
    ...(signal && { signal }),
  } as const;
  return new Promise((resolve, reject) => {
    const child = execFile(path, args, options, (error, stdout, stderr) => {
      if (signal?.aborted === true) {
        reject(new RunledgerError('canceled', 'The submission was canceled.'));
        return;
      }
      if (error === null) {
        resolve({ exitCode: 0, stdout, stderr });
        return;
      }
      const isTooLong = error.killed === true;
      const problem = isTooLong ? `It did not answer within ${limitMs / 1000} s.` : error.message;
      const isUnstarted = isTooLong || errorCode(error) !== undefined;
      resolve({
        exitCode: typeof error.code === 'number' ? error.code : -1,
        stdout,
        stderr: isUnstarted && typeof error.code !== 'number' ? problem : stderr,
      });
    });
    child.stdin?.on('error', () => {});
    child.stdin?.end();
  });
}

/** How a container's user is the one who submits, in the files that both see. */
export function userOptions(cli: ContainerCli): readonly string[] {
  const uid = process.getuid?.();
  const gid = process.getgid?.();
  if (uid === undefined || gid === undefined) {
    return [];
  }
  if (cli.isRootless) {
    return cli.isPodman ? ['--userns', 'keep-id', '--user', `${uid}:${gid}`] : ['--user', '0:0'];
  }
  const others = (process.getgroups?.() ?? []).filter((group) => group !== gid);
  return ['--user', `${uid}:${gid}`, ...others.flatMap((group) => ['--group-add', String(group)])];
}

/**
 * The options that show a folder of this machine to a container, under its own path.
 *
 * @throws RunledgerError `unsupported-target` where its path cannot be said
 */
export function mountOptions(path: string, access: 'read' | 'write'): readonly string[] {
  if (!path.includes(',')) {
    return ['--mount', `type=bind,source=${path},target=${path}${access === 'read' ? ',readonly' : ''}`];
  }
  if (!path.includes(':')) {
    return ['--volume', `${path}:${path}${access === 'read' ? ':ro' : ''}`];
  }
  throw new RunledgerError(
    'unsupported-target',
    `${path} cannot be mounted in a container: its path has "," and ":".`,
    {
      advice: 'Rename the folder.',
    },
  );
}

/** The last thing said, as a sentence. */
export function lastLine(text: string): string {
  return sentence(text.trim().split('\n').at(-1)?.trim().slice(0, 500) ?? '');
}

function sentence(text: string): string {
  const said = text === '' ? 'it does not say why' : text;
  return said.endsWith('.') ? said : `${said}.`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
