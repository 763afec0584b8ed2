import { existsSync } from 'node:fs';
import process from 'node:process';
import { captureCommand } from './childProcess.ts';
import { installDebianPackages } from './debianPackages.ts';
import { findPython } from './python.ts';
import { hasModules, PythonEnvironment } from './pythonEnvironment.ts';
import { errorText, TaskError } from './taskError.ts';

const modules = ['torch', 'lightning', 'transformers', 'accelerate'] as const;
const debianPython = '/usr/bin/python3';

/** The newest that work with PyTorch 1.13, which Debian 12 has. */
const forOldTorch = {
  libraries: [
    'transformers==4.46.3',
    'accelerate==1.0.1',
    'torchmetrics==1.5.2',
    'lightning-utilities',
    'fsspec[http]',
  ],
  // Debian calls its PyTorch 1.13.0a0, which Lightning's metadata takes for older than 1.13.
  withoutRequirements: ['lightning==2.2.5'],
} as const;

/**
 * A Python that has PyTorch for the processor alone, Lightning and Transformers, in a virtual environment of the cache. PyPI's PyTorch
 * for Linux on x64 comes with gigabytes of CUDA, so that there it is Debian's (150 MB).
 * @param installed A Python that may have them, because somebody installed them.
 * @returns undefined, having said why, where none can be had.
 */
export async function findTorchLibraries(installed: string | undefined): Promise<string | undefined> {
  if (installed !== undefined && (await hasModules(installed, modules))) {
    return installed;
  }
  const environment = new PythonEnvironment('python-torch');
  try {
    if (!(await environment.has(modules))) {
      console.log('Installing PyTorch, Lightning and Transformers into a virtual environment of the cache (once)…');
      await (process.platform === 'linux' && process.arch === 'x64' ? makeOnDebian : makeFromPypi)(environment);
    }
    return environment.python;
  } catch (error) {
    console.log(`PyTorch, Lightning and Transformers could not be installed: ${errorText(error)}`);
    return undefined;
  }
}

async function makeFromPypi(environment: PythonEnvironment): Promise<void> {
  await environment.make(findPython());
  await environment.install(...modules);
}

async function makeOnDebian(environment: PythonEnvironment): Promise<void> {
  const packages = ['python3-torch', 'python3-venv'];
  const has = async (): Promise<boolean> =>
    existsSync(debianPython) && (await hasModules(debianPython, ['torch', 'venv']));
  if (!((await has()) || ((await installDebianPackages(packages, 'test with PyTorch')) && (await has())))) {
    throw new TaskError(
      `this takes the Debian packages ${packages.join(' and ')}, which could not be installed from here.`,
    );
  }
  await environment.make(debianPython, '--system-site-packages');
  // Named with its version, so that pip fails rather than fetch the one with CUDA.
  const torch = await captureCommand(debianPython, [
    '-c',
    'from importlib.metadata import version; print(version("torch"))',
  ]);
  const pinned = `torch==${torch.stdout.trim()}`;
  if (torch.stdout.startsWith('1.')) {
    await environment.install(pinned, 'numpy<2', ...forOldTorch.libraries);
    await environment.install('--no-deps', ...forOldTorch.withoutRequirements);
  } else {
    await environment.install(pinned, ...modules.slice(1));
  }
}
