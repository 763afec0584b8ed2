/** The keys of a run configuration. Its reader can ask for no others: see `RunConfigurationPath`. */
import { condaEnvironmentSchema } from '../configuration-files/condaEnvironmentSchema.ts';
import type { PathIn, Schema } from '../configuration-files/schema.ts';
import { communicatorNames } from './communicators.ts';

const text = { type: 'string' } as const satisfies Schema;
const texts = { type: 'array', items: { type: 'string' } } as const satisfies Schema;

const python = {
  type: 'object',
  description: 'The interpreter, and the packages that the script gets.',
  properties: {
    userManagedDependencies: {
      type: 'boolean',
      description:
        'True: the packages of the interpreter are taken as they are. False: an environment with the packages named here is made, where the interpreter lacks them.',
      default: false,
    },
    interpreterPath: {
      type: 'string',
      description:
        'The Python that runs the script: a path, perhaps relative to the source folder, or a command. `python` names none in particular: the one that is chosen in the editor is taken.',
      default: 'python',
      refersTo: 'interpreter',
    },
    condaDependenciesFile: {
      type: 'string',
      description: 'A conda environment file with the packages, relative to the source folder.',
      examples: ['.azureml/conda_dependencies.yml'],
      refersTo: 'file',
    },
    condaDependencies: condaEnvironmentSchema,
    baseCondaEnvironment: { type: ['string', 'null'], description: 'A conda environment that is there already.' },
  },
} as const satisfies Schema;

const docker = {
  type: 'object',
  description: 'The container that the script runs in, on targets that have containers.',
  properties: {
    enabled: { type: 'boolean', description: 'Whether the script runs in a container.', default: false },
    baseImage: {
      type: ['string', 'null'],
      description: 'The image of the container.',
      examples: ['mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04'],
    },
    baseDockerfile: { type: ['string', 'null'], description: 'A Dockerfile that the image is built from.' },
    sharedVolumes: { type: 'boolean', description: 'Whether folders are shared with the container.', default: true },
    gpuSupport: { type: 'boolean', description: 'Whether the container sees the GPUs.', default: false },
    shmSize: { type: ['string', 'null'], description: 'Shared memory of the container.', default: '2g' },
    arguments: { ...texts, description: 'Further arguments of `docker run`.' },
    baseImageRegistry: {
      type: 'object',
      description: 'Where the image is pulled from.',
      properties: { address: text, username: text, password: text, registryIdentity: { type: ['object', 'null'] } },
    },
    platform: { type: 'object', properties: { os: text, architecture: text } },
    preparation: { type: 'object', properties: { commandLine: text } },
    buildContext: { type: ['object', 'null'] },
  },
} as const satisfies Schema;

const environment = {
  type: 'object',
  description: 'What the script runs in: Python and its packages, variables, a container.',
  properties: {
    name: { type: ['string', 'null'], description: 'The name of the environment.', refersTo: 'environment' },
    version: { type: ['string', 'integer', 'null'], description: 'The version of the environment.' },
    environmentVariables: {
      type: 'object',
      description: 'Variables that the script finds in its environment.',
      additionalProperties: { type: ['string', 'number', 'boolean', 'null'] },
    },
    python,
    docker,
    spark: {
      type: 'object',
      description: 'Packages of Spark.',
      properties: {
        repositories: texts,
        packages: {
          type: 'array',
          items: { type: 'object', properties: { group: text, artifact: text, version: text } },
        },
        precachePackages: { type: 'boolean', default: true },
      },
    },
    databricks: {
      type: 'object',
      description: 'Libraries of Databricks.',
      properties: {
        mavenLibraries: { type: 'array' },
        pypiLibraries: { type: 'array' },
        rcranLibraries: { type: 'array' },
        jarLibraries: { type: 'array' },
        eggLibraries: { type: 'array' },
      },
    },
    r: { type: ['object', 'null'], description: 'R and its packages.' },
    inferencingStackVersion: { type: ['string', 'null'], description: 'For models that are deployed.' },
    assetId: text,
    autoRebuild: { type: 'boolean' },
  },
} as const satisfies Schema;

const dataReference = {
  type: 'object',
  properties: {
    dataStoreName: {
      type: 'string',
      description: 'The datastore that holds the data.',
      default: 'workspaceblobstore',
      refersTo: 'datastore',
    },
    mode: {
      type: 'string',
      description: 'How the script gets at the data. On this machine it works on the data themselves.',
      enum: ['mount', 'download', 'upload'],
      enumDescriptions: ['They are read where they are.', 'They are read.', 'The script writes them.'],
      default: 'mount',
    },
    pathOnDataStore: { type: ['string', 'null'], description: 'A path in the datastore; none for all of it.' },
    pathOnCompute: { type: ['string', 'null'], description: 'Where the data are on the target.' },
    overwrite: { type: 'boolean', description: 'Whether what is there is replaced.', default: false },
  },
} as const satisfies Schema;

const data = {
  type: 'object',
  properties: {
    dataLocation: {
      type: ['object', 'null'],
      description: 'Which data: a registered data set, or a path in a datastore.',
      properties: {
        dataset: {
          type: ['object', 'null'],
          properties: {
            id: { ...text, description: 'The id of a registered data set.' },
            name: { ...text, description: 'The name of a registered data set.', refersTo: 'dataSet' },
            version: {
              type: ['string', 'integer', 'null'],
              description: 'A version of it; without, the latest.',
              refersTo: 'dataSetVersion',
            },
          },
        },
        datapath: {
          type: ['object', 'null'],
          properties: {
            datastoreName: { ...text, refersTo: 'datastore' },
            relativePath: text,
            datastore_name: { ...text, refersTo: 'datastore' },
            relative_path: text,
          },
        },
        dataPath: {
          type: ['object', 'null'],
          properties: { datastoreName: { ...text, refersTo: 'datastore' }, relativePath: text },
        },
        uri: { type: ['object', 'null'] },
      },
    },
    mechanism: { ...text, description: 'How the script gets at the data.', enum: ['direct', 'mount', 'download'] },
    environmentVariableName: { ...text, description: 'The variable in which the script finds the path.' },
    pathOnCompute: { type: ['string', 'null'], description: 'Where the data are on the target.' },
    createOutputDirectories: { type: 'boolean', default: false },
    overwrite: { type: 'boolean', default: false },
    options: { type: ['object', 'null'] },
  },
} as const satisfies Schema;

/** As Azure ML's tools wrote them, over the years. */
export const runConfigurationSchema = {
  type: 'object',
  description: 'How a script is run.',
  properties: {
    script: {
      type: 'string',
      description: 'The Python script, relative to the source folder.',
      examples: ['train.py'],
      refersTo: 'script',
    },
    command: {
      type: ['array', 'string'],
      description: 'What is run in place of a script: a program and its arguments as a list, or a text for the shell.',
      items: { type: ['string', 'number'] },
    },
    arguments: {
      type: 'array',
      description: 'Arguments of the script, each an item of its own: `["--lr", 0.1]`.',
      items: { type: ['string', 'number', 'boolean'], refersTo: 'argument' },
    },
    target: {
      type: ['string', 'null'],
      description: 'The compute target that the script runs on: `local` is this machine.',
      default: 'local',
      refersTo: 'target',
    },
    framework: {
      type: 'string',
      description: 'What the script is written for. Nothing depends on it but Spark and R, which are not run here.',
      enum: [
        'Python',
        'PyTorch',
        'TensorFlow',
        'TensorFlowParameterServer',
        'Cntk',
        'PythonMpi',
        'PythonIntelMpi',
        'PySpark',
        'PySparkInteractive',
        'R',
      ],
      default: 'Python',
    },
    communicator: {
      type: ['string', 'null'],
      description: 'How several processes of one run find each other.',
      enum: communicatorNames,
      enumDescriptions: [
        'The script is one process.',
        'PyTorch: `pytorch.processCount` processes, or `nodeCount`.',
        'PyTorch, on processors without GPUs.',
        'MPI: `nodeCount` times `mpi.processCountPerNode` processes.',
        'MPI of Intel.',
        'MPI.',
        'TensorFlow: `tensorflow.workerCount` workers and `tensorflow.parameterServerCount` servers.',
      ],
      default: 'None',
    },
    nodeCount: {
      type: 'integer',
      description: 'The number of nodes; on this machine all run side by side.',
      default: 1,
    },
    maxRunDurationSeconds: {
      type: ['integer', 'null'],
      description: 'The run is canceled after so many seconds; none: it may take any time.',
    },
    environment,
    environmentVariables: {
      type: ['object', 'null'],
      description: 'Variables that the script finds in its environment; they count before those of `environment`.',
      additionalProperties: { type: ['string', 'number', 'boolean', 'null'] },
    },
    envFile: {
      type: ['string', 'null'],
      description:
        'A file of further variables, as `.env`, relative to the source folder; their values are kept nowhere. Without it `.env` of the source folder, else of the workspace; empty: none.',
      refersTo: 'file',
    },
    history: {
      type: 'object',
      description: 'What is kept with the run.',
      properties: {
        outputCollection: { type: 'boolean', description: 'Whether `outputs/` is kept with the run.', default: true },
        snapshotProject: {
          type: 'boolean',
          description:
            'Whether the code is kept with the run. False: it is not, and the run goes on in the source folder itself.',
          default: true,
        },
        directoriesToWatch: { ...texts, description: 'Further folders of files that the run keeps.' },
      },
    },
    dataReferences: {
      type: 'object',
      description:
        'Places in datastores, by name. The script finds the path in `AZUREML_DATAREFERENCE_<name>`, and arguments with `$AZUREML_DATAREFERENCE_<name>` in them get it.',
      additionalProperties: dataReference,
    },
    data: {
      type: 'object',
      description: 'Data that the script reads, by name.',
      additionalProperties: data,
    },
    outputData: {
      type: 'object',
      description: 'Data that the script writes, by name.',
      additionalProperties: { type: 'object' },
    },
    datacaches: { type: 'array', description: 'Data that are kept near the target.' },
    pytorch: {
      type: 'object',
      description: 'With the communicators `Nccl` and `Gloo`.',
      properties: {
        communicationBackend: { ...text, enum: ['Nccl', 'Gloo', 'Mpi'] },
        processCount: {
          type: ['integer', 'null'],
          description: 'The number of processes in total; without it, `nodeCount`.',
        },
        nodeCount: { type: 'integer' },
      },
    },
    mpi: {
      type: 'object',
      description: 'With the communicators `OpenMpi`, `IntelMpi` and `Mpi`.',
      properties: {
        processCountPerNode: { type: 'integer', description: 'The number of processes on each node.', default: 1 },
        nodeCount: { type: 'integer' },
      },
    },
    tensorflow: {
      type: 'object',
      description: 'With the communicator `ParameterServer`.',
      properties: {
        workerCount: { type: 'integer', description: 'The number of workers.', default: 1 },
        parameterServerCount: { type: 'integer', description: 'The number of parameter servers.', default: 1 },
      },
    },
    spark: {
      type: 'object',
      description: 'Settings of Spark.',
      properties: {
        configuration: {
          type: 'object',
          additionalProperties: { type: ['string', 'number', 'boolean', 'null'] },
        },
      },
    },
    hdi: { type: 'object', properties: { yarnDeployMode: { ...text, enum: ['None', 'Client', 'Cluster'] } } },
    docker: {
      type: 'object',
      description: 'The container of the run.',
      properties: {
        useDocker: { type: 'boolean', description: 'Whether the script runs in a container.' },
        sharedVolumes: { type: 'boolean', default: true },
        arguments: texts,
        shmSize: { type: ['string', 'null'] },
      },
    },
    amlcompute: {
      type: 'object',
      description: 'A cluster of Azure ML that is made for the run.',
      properties: {
        vmSize: { type: ['string', 'null'] },
        vmPriority: { type: ['string', 'null'] },
        retainCluster: { type: 'boolean' },
        name: { type: ['string', 'null'] },
        clusterMaxNodeCount: { type: ['integer', 'null'] },
        location: { type: ['string', 'null'] },
      },
    },
    containerInstance: {
      type: 'object',
      description: 'A container instance of Azure.',
      properties: {
        region: { type: ['string', 'null'] },
        cpuCores: { type: 'number' },
        memoryGb: { type: 'number' },
      },
    },
    autoPrepareEnvironment: {
      type: ['boolean', 'null'],
      description: 'False: no environment is made for the packages that are named here.',
      default: true,
    },
    prepareEnvironment: { type: ['boolean', 'null'], description: 'An older name of `autoPrepareEnvironment`.' },
    sourceDirectoryDataStore: { type: ['string', 'null'], description: 'Where Azure ML kept the code.' },
    jobName: { type: ['string', 'null'] },
    exposedPorts: { type: ['string', 'null'] },
    priority: { type: ['integer', 'null'] },
    credentialPassthrough: { type: 'boolean' },
    identity: { type: ['object', 'null'] },
    resources: { type: ['object', 'null'] },
    kubernetescompute: { type: ['object', 'null'] },
    cmk8scompute: { type: ['object', 'null'] },
    cmAksCompute: { type: ['object', 'null'] },
    globalJob: { type: ['object', 'null'] },
    parallelTask: { type: ['object', 'null'] },
    modelBindings: { type: ['object', 'null'] },
    aisuperComputer: { type: ['object', 'null'] },
    applicationEndpoints: { type: ['object', 'null'] },
    queueSettings: { type: ['object', 'null'] },
    experimentName: { type: ['string', 'null'], refersTo: 'experiment' },
    instanceTypes: { type: 'array' },
    batchai: { type: 'object', properties: { nodeCount: { type: 'integer' } } },
  },
  // Of Azure ML Workbench, which came before, and wrote them so.
  oldKeys: [
    'ArgumentVector',
    'CondaDependenciesFile',
    'CondaFile',
    'Description',
    'EnvironmentVariables',
    'Framework',
    'ManagedEnvironment',
    'PrepareEnvironment',
    'SparkDependenciesFile',
    'Target',
    'TrackedRun',
    'UseSampling',
    'Name',
    'PythonLocation',
    'UserManagedDependencies',
  ],
} as const satisfies Schema;

export type RunConfigurationPath = PathIn<typeof runConfigurationSchema>;
