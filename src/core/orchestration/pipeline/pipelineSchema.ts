/** What the keys of a pipeline's file mean, for the editor. Which there are is for `pipelineFile.ts` to say: others do not compile. */
import type { Schema } from '../../configuration-files/schema.ts';
import type { FileStep, PipelineFile } from './pipelineFile.ts';

const scalar = { type: ['string', 'number', 'boolean'] } as const satisfies Schema;

const stepProperties: Readonly<Record<keyof FileStep, Schema>> = {
  type: {
    type: 'string',
    description: 'The kind of the step.',
    enum: ['PythonScriptStep'],
    enumDescriptions: ['A Python script. Steps of other kinds cannot be run here.'],
  },
  name: { type: 'string', description: 'The name of the step; without, its key.' },
  script_name: {
    type: 'string',
    description: 'The Python script, relative to `source_directory`.',
    refersTo: 'script',
  },
  source_directory: {
    type: 'string',
    description: 'The folder of the script, relative to this file; without, the folder of this file.',
    refersTo: 'folderOfDefinition',
  },
  runconfig: {
    type: 'string',
    description: 'The run configuration of the step: a path relative to this file, or a name.',
    refersTo: 'runConfiguration',
  },
  compute: {
    type: 'string',
    description: 'The compute target of the step; this machine, where the workspace has none of the name.',
    refersTo: 'cloudTarget',
  },
  arguments: {
    type: 'array',
    description:
      'Arguments of the script. `input:NAME`, `output:NAME` and `parameter:NAME` stand for the paths and values of these.',
    items: { ...scalar, refersTo: 'argument' },
  },
  parameters: {
    type: 'object',
    description: 'Values that the script finds in `AML_PARAMETER_<name>`; `source` names a parameter of the pipeline.',
    additionalProperties: {
      type: ['string', 'number', 'boolean', 'object'],
      properties: { source: { type: 'string' } },
    },
  },
  inputs: {
    type: 'object',
    description: 'What the step reads, by name: the script finds the path in `AZUREML_DATAREFERENCE_<name>`.',
    additionalProperties: {
      type: 'object',
      properties: {
        source: { type: 'string', description: 'A data reference of the pipeline, or the destination of an output.' },
      },
    },
  },
  outputs: {
    type: 'object',
    description: 'What the step writes, by name: the script finds the path in `AZUREML_DATAREFERENCE_<name>`.',
    additionalProperties: {
      type: 'object',
      properties: {
        destination: { type: 'string', description: 'The name by which other steps read it.' },
        datastore: { type: 'string', description: 'The datastore that keeps it.', refersTo: 'datastore' },
        bind_mode: { type: 'string', description: 'How Azure ML wrote it.', enum: ['mount', 'upload'] },
        path_on_compute: { type: 'string', description: 'Where it lay on the target.' },
        overwrite: { type: 'boolean' },
        type: { type: 'string' },
      },
    },
  },
  allow_reuse: {
    type: 'boolean',
    description: 'Whether the outputs of an earlier run of the same step are taken, where nothing changed.',
    default: true,
  },
  version: { ...scalar, description: 'A change of it keeps the step from being reused.' },
  hash_paths: {
    type: 'array',
    description: 'Further files whose change keeps the step from being reused.',
    items: { type: 'string', refersTo: 'file' },
  },
};

const pipelineProperties: Readonly<Record<keyof PipelineFile, Schema>> = {
  name: { type: 'string', description: 'The name of the pipeline.' },
  parameters: {
    type: 'object',
    description: 'Values that may be changed at each submission, by name.',
    additionalProperties: {
      type: 'object',
      required: ['default'],
      properties: {
        type: {
          type: 'string',
          description: 'The kind of the value.',
          enum: ['string', 'int', 'float', 'bool', 'datapath'],
        },
        default: { ...scalar, description: 'The value where none is given.' },
      },
    },
  },
  data_references: {
    type: 'object',
    description: 'Data in datastores, by name.',
    additionalProperties: {
      type: 'object',
      properties: {
        datastore: { type: 'string', description: 'The datastore.', refersTo: 'datastore' },
        path_on_datastore: { type: 'string', description: 'The path in it.' },
        dataset_name: {
          type: 'string',
          description: 'A data set of the workspace, in place of a path.',
          refersTo: 'dataSet',
        },
      },
    },
  },
  default_compute: {
    type: 'string',
    description: 'The compute target of steps that name none.',
    refersTo: 'cloudTarget',
  },
  steps: {
    type: 'object',
    description: 'The steps, by name. Steps that read the outputs of others run after them.',
    additionalProperties: {
      type: 'object',
      required: ['type'],
      properties: {
        ...stepProperties,
        runconfig_parameters: { type: 'object' },
      },
    },
  },
};

export const pipelineSchema: Schema = {
  type: 'object',
  description: 'A pipeline.',
  required: ['pipeline'],
  properties: {
    pipeline: {
      type: 'object',
      description: 'Steps that run one after the other, or side by side.',
      required: ['steps'],
      properties: { ...pipelineProperties, description: { type: 'string' } },
    },
  },
};
