/** Installing the Python SDK into an environment of the user's, for notebooks and for scripts that are not submitted. */
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isNotFound, RunledgerError } from '../base/errors.ts';
import { runAttended } from '../environments/attendedProcess.ts';
import { pipEnvironment, pipLastWords, pipSwitches } from '../environments/pipProcess.ts';
import { answerAfter, runInterpreter } from '../interpreters/interpreterProcess.ts';
import { checkInterpreter } from '../interpreters/interpreters.ts';
import { isJsonObject } from '../store/jsonFile.ts';

export interface InstallSdkOptions {
  /** The folder that holds `runledger/`; the wheel lies in `dist/python/` beside it. */
  readonly pythonSdkFolder: string;
  /** What pip prints. */
  readonly onOutput?: (text: string) => void;
  readonly signal?: AbortSignal;
}

/** What an environment has after the installation. */
export interface InstalledSdk {
  /** Absolute. */
  readonly interpreter: string;
  /** Of the package `runledger`. */
  readonly version: string;
  /** Which `azureml.core` scripts get there: the real one where it is installed. */
  readonly azureml: {
    readonly isReal: boolean;
    /** Of the distribution `azureml-core`; undefined where that does not tell. */
    readonly version: string | undefined;
    /** The module's file. */
    readonly file: string;
  };
}

const marker = 'RUNLEDGER-SDK ';
const lookProgram = `
import sys
sys.path[:] = [p for p in sys.path if p != '']
import importlib.util, json
import runledger
try:
    from importlib.metadata import version
    real = version('azureml-core')
except Exception:
    real = None
file = importlib.util.find_spec('azureml.core').origin
print('\\n${marker}' + json.dumps({'version': runledger.__version__, 'real': real, 'file': file, 'folder': runledger.__path__[0]}))
`;

/**
 * Installs the wheel with the pip of an environment, without a network. An earlier version is replaced.
 *
 * @param interpreter a path, or a command on the path
 * @throws RunledgerError `interpreter-not-found`, `interpreter-too-old`; `not-found` where the wheel is missing;
 * `environment-failed` with pip's words; `canceled`
 */
export async function installSdk(interpreter: string, options: InstallSdkOptions): Promise<InstalledSdk> {
  const wheel = await findWheel(options.pythonSdkFolder);
  const { path } = await checkInterpreter(interpreter);
  const { signal, onOutput } = options;
  let output = '';
  const exitCode = await runAttended(
    path,
    [path, '-m', 'pip', 'install', ...pipSwitches, '--no-index', '--no-deps', '--force-reinstall', wheel],
    {
      cwd: dirname(wheel),
      env: pipEnvironment(process.env),
      onOutput: (text) => {
        output += text;
        onOutput?.(text);
      },
      ...(signal && { signal }),
    },
  );
  if (exitCode !== 0) {
    throw new RunledgerError(
      'environment-failed',
      `The SDK could not be installed into the environment of ${path} (exit code ${exitCode}). pip says:\n${pipLastWords(output)}`,
      { advice: adviceFor(path, output) },
    );
  }
  return await lookAt(path, signal);
}

function adviceFor(interpreter: string, output: string): string {
  if (/No module named pip/.test(output)) {
    return `The environment has no pip: install it with "${interpreter} -m ensurepip", or choose another interpreter.`;
  }
  if (/externally-managed-environment/.test(output)) {
    return 'This Python belongs to the operating system. Make a virtual environment, and choose its interpreter.';
  }
  if (/Permission denied|\[Errno 13\]/.test(output)) {
    return 'The environment is not yours to change. Make a virtual environment, and choose its interpreter.';
  }
  return 'Correct what pip names, or choose another interpreter.';
}

async function findWheel(pythonSdkFolder: string): Promise<string> {
  const folder = join(dirname(pythonSdkFolder), 'dist', 'python');
  let names: string[] = [];
  try {
    names = await readdir(folder);
  } catch (error) {
    if (!isNotFound(error)) {
      throw error;
    }
  }
  const name = names.find((candidate) => /^runledger-.*\.whl$/.test(candidate));
  if (name === undefined) {
    throw new RunledgerError('not-found', `The wheel of the SDK is missing from ${folder}.`, {
      advice: 'Install Runledger again; in a checkout, run: npm run build',
    });
  }
  return join(folder, name);
}

/** Asks the environment itself, without what the variables of whoever asks would put on its path. */
async function lookAt(path: string, signal: AbortSignal | undefined): Promise<InstalledSdk> {
  const { stdout, stderr } = await runInterpreter(path, ['-W', 'ignore', '-E', '-c', lookProgram], signal);
  const answer = answerAfter(marker, stdout);
  if (!isJsonObject(answer) || typeof answer.version !== 'string' || typeof answer.file !== 'string') {
    const said = stderr.trim().split('\n').at(-1) ?? '';
    throw new RunledgerError(
      'environment-failed',
      `The SDK was installed with ${path}, but cannot be imported: ${said}`,
      {
        advice: 'Check that this interpreter reads its site-packages, or choose another one.',
      },
    );
  }
  const isReal = typeof answer.folder !== 'string' || !answer.file.startsWith(answer.folder);
  const version = typeof answer.real === 'string' ? answer.real : undefined;
  return { interpreter: path, version: answer.version, azureml: { isReal, version, file: answer.file } };
}

/** One sentence on which `azureml.core` scripts of an environment get. */
export function describeAzureml({ azureml }: InstalledSdk): string {
  return azureml.isReal
    ? `azureml.core there is the real SDK${azureml.version === undefined ? '' : `, version ${azureml.version}`}, which is left as it is.`
    : "azureml.core there is Runledger's.";
}
