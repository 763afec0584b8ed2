import process from 'node:process';
import { findPython } from './python.ts';
import { PythonEnvironment } from './pythonEnvironment.ts';
import { errorText } from './taskError.ts';

// The usual build of XGBoost for Linux brings a gigabyte of CUDA along.
const xgboost = process.platform === 'linux' && process.arch === 'x64' ? 'xgboost-cpu' : 'xgboost';
const trainingLibraries = ['scikit-learn', xgboost, 'lightgbm', 'keras', 'jax', 'mlflow-skinny'] as const;
const trainingModules = ['sklearn', 'xgboost', 'lightgbm', 'keras', 'jax', 'mlflow'] as const;
/** Their modules have the same names. */
const otherLibraries = ['pandas', 'pyarrow', 'matplotlib', 'ipykernel', 'nbclient'] as const;
const libraries = [...trainingLibraries, ...otherLibraries];
const modules = [...trainingModules, ...otherLibraries];

/**
 * A Python that has the training libraries with callbacks of ours, and what notebooks and Parquet files take, in a virtual environment
 * of the cache. PyTorch and what builds on it are apart, in `findTorchLibraries`.
 * @returns undefined, having said why, where none can be had.
 */
export async function findPythonLibraries(): Promise<string | undefined> {
  const environment = new PythonEnvironment('python-libraries');
  try {
    if (!(await environment.has(modules))) {
      console.log(`Installing ${libraries.join(', ')} into a virtual environment of the cache (once)…`);
      await environment.make(findPython());
      await environment.install(...libraries);
    }
    return environment.python;
  } catch (error) {
    console.log(`${libraries.join(', ')} could not be installed from PyPI: ${errorText(error)}`);
    return undefined;
  }
}
