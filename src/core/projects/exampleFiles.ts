/** The files that a newly attached folder gets, to start from. */

/** `local.runconfig`: what the built-in run configuration `local` does, written out. */
export const localRunConfigurationExample = `# How a script is run: on this machine, in a copy of this folder.
# Submit with it: runledger run submit-script -c local
script: train.py
arguments: []
target: local
framework: Python
communicator: None
maxRunDurationSeconds: null
nodeCount: 1
environment:
  environmentVariables: {}
  python:
    # True: the interpreter is used as it is. False: it is to have the packages of condaDependenciesFile.
    userManagedDependencies: true
    # "python" stands for the interpreter that the editor or the terminal uses.
    interpreterPath: python
    condaDependenciesFile: .azureml/conda_dependencies.yml
history:
  outputCollection: true
  snapshotProject: true
  directoriesToWatch:
    - logs
`;

/** `conda_dependencies.yml`: Python alone, and what stands for the SDK. */
export const condaDependenciesExample = `# The packages of this folder's scripts, where a run configuration has userManagedDependencies: false.
name: project_environment
channels:
  - conda-forge
dependencies:
  - python=3.10
  - pip:
      - azureml-defaults
`;
