/** The keys of jobs of Azure ML's later command line (`az ml job create`), for the editor. */

import { condaEnvironmentSchema } from '../configuration-files/condaEnvironmentSchema.ts';
import type { Schema } from '../configuration-files/schema.ts';
import { expressionKinds } from '../orchestration/sweep/expressions.ts';

type Properties = Readonly<Record<string, Schema>>;

const scalar = { type: ['string', 'number', 'boolean', 'null'] } as const satisfies Schema;
const text = { type: 'string' } as const satisfies Schema;
const count = { type: 'integer' } as const satisfies Schema;
/** What is known of these is that they are there. */
const anything: Schema = {};

const environment: Schema = {
  type: ['string', 'object'],
  description:
    'Where the command runs: a registered environment (`azureml:name:version`, `azureml:name@latest`), or what it is made of.',
  refersTo: 'cloudEnvironment',
  properties: {
    image: { ...text, description: 'The image of the container.' },
    conda_file: {
      type: ['string', 'object'],
      description: 'A conda environment file, or its content.',
      refersTo: 'fileOfDefinition',
      properties: condaEnvironmentSchema.properties,
    },
    build: {
      type: 'object',
      description: 'A Dockerfile with its folder.',
      properties: { path: { ...text, refersTo: 'folderOfDefinition' }, dockerfile_path: text },
    },
    name: text,
    version: { type: ['string', 'integer'] },
    description: text,
    tags: anything,
    inference_config: anything,
    os_type: text,
    docker: anything,
  },
};

const input: Schema = {
  type: ['object', 'string', 'number', 'boolean'],
  description: 'A value, or data: `type`, `path` and `mode`.',
  properties: {
    type: {
      ...text,
      description: 'The kind of the data, or of the value.',
      enum: [
        'uri_file',
        'uri_folder',
        'mltable',
        'mlflow_model',
        'custom_model',
        'triton_model',
        'string',
        'number',
        'integer',
        'boolean',
      ],
    },
    path: {
      ...text,
      description: 'A path beside this file, an address, or `azureml:name:version`.',
      refersTo: 'jobData',
    },
    mode: {
      ...text,
      description: 'How the command gets at the data.',
      enum: ['ro_mount', 'rw_mount', 'download', 'direct', 'eval_mount', 'eval_download', 'mount'],
    },
    default: scalar,
    description: text,
    optional: { type: 'boolean' },
    min: { type: 'number' },
    max: { type: 'number' },
    enum: { type: 'array' },
    path_on_compute: text,
    data: anything,
    folder: text,
    file: text,
    component_context_path: text,
  },
};
const inputs: Schema = {
  type: 'object',
  description: `What goes in, by name. \`\${{inputs.name}}\` in the command stands for it.`,
  additionalProperties: input,
};
const outputs: Schema = {
  type: 'object',
  description: `What comes out, by name. \`\${{outputs.name}}\` in the command stands for its path.`,
  additionalProperties: {
    type: ['object', 'string'],
    properties: {
      type: {
        ...text,
        description: 'The kind of the data.',
        enum: ['uri_file', 'uri_folder', 'mltable', 'mlflow_model', 'custom_model', 'triton_model'],
      },
      path: { ...text, description: 'Where they are kept.' },
      mode: { ...text, description: 'How they get there.', enum: ['mount', 'rw_mount', 'upload', 'direct'] },
      name: text,
      version: { type: ['string', 'integer'] },
      description: text,
    },
  },
};
const environmentVariables: Schema = {
  type: 'object',
  description: 'Variables that the command finds in its environment.',
  additionalProperties: scalar,
};

const common: Properties = {
  $schema: { ...text, description: 'Tells what the file is.' },
  type: {
    ...text,
    description: 'The kind of the job.',
    enum: [
      'command',
      'sweep',
      'pipeline',
      'spark',
      'automl',
      'parallel',
      'import',
      'data_transfer',
      'component',
      'finetuning',
    ],
  },
  name: { ...text, description: 'The name of the job: unique in a workspace.' },
  display_name: { ...text, description: 'What the job is called in lists.' },
  experiment_name: { ...text, description: 'The experiment that the job belongs to.', refersTo: 'experiment' },
  description: { ...text, description: 'For people.' },
  tags: { type: 'object', description: 'Tags of the job.', additionalProperties: scalar },
  properties: { type: 'object', additionalProperties: scalar },
  compute: {
    type: ['string', 'object'],
    description: 'The compute target: `azureml:name`, `local`, or `serverless`.',
    refersTo: 'cloudTarget',
  },
  identity: {
    type: 'object',
    description: 'Who the job is to Azure.',
    properties: { type: text, client_id: text, object_id: text, msi_resource_id: text, resource_id: text },
  },
  services: anything,
  queue_settings: anything,
  resources: {
    type: 'object',
    description: 'What the job gets of a cluster.',
    properties: {
      instance_count: { ...count, description: 'The number of nodes.', default: 1 },
      instance_type: text,
      shm_size: { ...text, description: 'Shared memory of the container.', default: '2g' },
      docker_args: { type: ['string', 'array'] },
      properties: anything,
      locations: anything,
      max_instance_count: count,
      runtime_version: text,
    },
  },
};

const distribution: Schema = {
  type: 'object',
  description: 'Several processes of one job.',
  properties: {
    type: { ...text, description: 'How they find each other.', enum: ['pytorch', 'mpi', 'tensorflow', 'ray'] },
    process_count_per_instance: { ...count, description: 'Processes of each node.', default: 1 },
    worker_count: { ...count, description: 'Of TensorFlow: workers.' },
    parameter_server_count: { ...count, description: 'Of TensorFlow: parameter servers.' },
    port: count,
    address: text,
    include_dashboard: { type: 'boolean' },
    dashboard_port: count,
    head_node_additional_args: text,
    worker_node_additional_args: text,
  },
};

const commandProperties: Properties = {
  command: { ...text, description: 'What is run, as a line for the shell.' },
  code: {
    type: ['string', 'object'],
    description: 'The folder of the code, relative to this file.',
    refersTo: 'folderOfDefinition',
  },
  environment,
  environment_variables: environmentVariables,
  distribution,
  limits: {
    type: 'object',
    description: 'When the job is ended.',
    properties: { timeout: { ...count, description: 'After so many seconds.' } },
  },
  inputs,
  outputs,
  parent_job_name: text,
};

export const commandJobSchema: Schema = {
  type: 'object',
  description: 'A command that is run once.',
  required: ['command'],
  properties: { ...common, ...commandProperties },
};

const searchSpace: Schema = {
  type: 'object',
  description: `What is tried out, by name. \`\${{search_space.name}}\` in the command stands for it.`,
  additionalProperties: {
    type: 'object',
    properties: {
      type: {
        ...text,
        description: 'Where the values come from.',
        enum: expressionKinds,
      },
      values: { type: ['array', 'string'], description: 'Of `choice`: the values.' },
      min_value: { type: 'number', description: 'Of `uniform` and the like: the least.' },
      max_value: { type: 'number', description: 'Of `uniform` and the like: the greatest.' },
      mu: { type: 'number', description: 'Of `normal` and the like: the mean.' },
      sigma: { type: 'number', description: 'Of `normal` and the like: the deviation.' },
      q: { type: 'number', description: 'Values are multiples of it.' },
      upper: { ...count, description: 'Of `randint`: values are below it.' },
    },
  },
};

const sweepProperties: Properties = {
  sampling_algorithm: {
    type: ['string', 'object'],
    description: 'How values are chosen.',
    enum: ['random', 'grid', 'bayesian', 'sobol'],
    properties: {
      type: { ...text, enum: ['random', 'grid', 'bayesian'] },
      seed: count,
      rule: { ...text, enum: ['random', 'sobol'] },
      logbase: anything,
    },
  },
  algorithm: { ...text, description: 'An older name of `sampling_algorithm`.' },
  search_space: searchSpace,
  objective: {
    type: 'object',
    description: 'What trials are compared by.',
    required: ['primary_metric', 'goal'],
    properties: {
      primary_metric: { ...text, description: 'The metric, as the script logs it.', refersTo: 'metric' },
      goal: { ...text, description: 'Whether more of it is better, or less.', enum: ['maximize', 'minimize'] },
    },
  },
  early_termination: {
    type: ['object', 'string'],
    description: 'When trials that do badly are ended before their time.',
    properties: {
      type: {
        ...text,
        enum: ['bandit', 'median_stopping', 'truncation_selection'],
        enumDescriptions: [
          'Far behind the best so far.',
          'Worse than the median of the others.',
          'Among the worst of each interval.',
        ],
      },
      evaluation_interval: { ...count, default: 1 },
      delay_evaluation: { ...count, default: 0 },
      slack_factor: { type: 'number' },
      slack_amount: { type: 'number' },
      truncation_percentage: { type: 'number' },
    },
  },
  limits: {
    type: 'object',
    description: 'When the sweep is ended.',
    properties: {
      max_total_trials: { ...count, description: 'How many trials there are at most.', default: 1000 },
      max_concurrent_trials: { ...count, description: 'How many of them go on at once.' },
      timeout: { ...count, description: 'The sweep is ended after so many seconds.', default: 5_184_000 },
      trial_timeout: { ...count, description: 'A trial is ended after so many seconds.' },
    },
  },
  max_total_trials: count,
  max_concurrent_trials: count,
  timeout_minutes: count,
};

export const sweepJobSchema: Schema = {
  type: 'object',
  description: 'A command that is run with many values.',
  required: ['trial', 'search_space', 'objective'],
  properties: {
    ...common,
    ...sweepProperties,
    trial: {
      type: ['object', 'string'],
      description: 'The command of each trial.',
      properties: { ...commandProperties, resources: common.resources ?? {}, compute: anything },
    },
    inputs,
    outputs,
  },
};

export const pipelineJobSchema: Schema = {
  type: 'object',
  description: 'Jobs that hand data to each other.',
  required: ['jobs'],
  properties: {
    ...common,
    jobs: {
      type: 'object',
      description: `The jobs, by name. \`\${{parent.jobs.name.outputs.name}}\` stands for what another makes.`,
      additionalProperties: { type: 'object', properties: { ...common, ...commandProperties, component: anything } },
    },
    inputs,
    outputs,
    component: anything,
    settings: {
      type: 'object',
      description: 'What holds for all of them.',
      properties: {
        default_compute: {
          ...text,
          description: 'The compute target of jobs that name none.',
          refersTo: 'cloudTarget',
        },
        default_datastore: { ...text, description: 'Where outputs are kept.' },
        continue_on_step_failure: { type: 'boolean', description: 'Whether the others go on when one fails.' },
        force_rerun: { type: 'boolean', description: 'Whether nothing is taken from earlier runs.' },
        environment: anything,
        on_init: anything,
        on_finalize: anything,
      },
    },
  },
};
