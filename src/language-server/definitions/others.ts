/** Definitions of files that are read with a schema of their own in core. */
import { basename, extname } from 'node:path';
import * as v from 'valibot';
import { definitionProblems } from '../../core/base/definitionFile.ts';
import { definedTargetSchema, localTargetSchema } from '../../core/compute/targetSchema.ts';
import { definedSettings, localSettings } from '../../core/compute/targetSettings.ts';
import { condaEnvironmentSchema } from '../../core/configuration-files/condaEnvironmentSchema.ts';
import { CondaProblem, readCondaDependencies } from '../../core/environments/condaDependencies.ts';
import { pipelineFileSettings, refuseForeign } from '../../core/orchestration/pipeline/pipelineFile.ts';
import { pipelineSchema } from '../../core/orchestration/pipeline/pipelineSchema.ts';
import { sweepFileSettings } from '../../core/orchestration/sweep/sweepFile.ts';
import { sweepSchema } from '../../core/orchestration/sweep/sweepSchema.ts';
import { nodeAtPath, parseYaml, spanOf } from '../documents/yamlText.ts';
import { type Definition, notHere, type Problem } from './definition.ts';

export const localTargetDefinition: Definition = {
  title: 'compute target',
  schema: localTargetSchema,
  knowsAllKeys: false,
  // A file of comments alone is as good as none.
  problems: (text) => definitionProblems(v.nullable(localSettings), text).map(asSentence),
  templates: [],
};

export const definedTargetDefinition: Definition = {
  title: 'compute target',
  schema: definedTargetSchema,
  knowsAllKeys: false,
  problems: (text) => definitionProblems(definedSettings, text).map(asSentence),
  templates: [
    {
      label: 'Docker',
      detail: 'Containers on this machine',
      body: `type: docker
image: \${1:python:3.11}
`,
    },
    {
      label: 'SSH',
      detail: 'Another machine',
      body: `type: ssh
host: \${1:user@host}
`,
    },
    {
      label: 'Slurm',
      detail: 'A cluster',
      body: `type: slurm
partition: \${1:gpu}
gpus: \${2:1}
time: '\${3:4:00:00}'
`,
    },
  ],
};

export function isLocalTarget(path: string): boolean {
  return basename(path, extname(path)).toLowerCase() === 'local';
}

export const pipelineDefinition: Definition = {
  title: 'pipeline',
  submitTitle: 'Submit this pipeline',
  schema: pipelineSchema,
  knowsAllKeys: false,
  problems: (text) => definitionProblems(pipelineFileSettings, text).map(asSentence),
  refusals: (text) => definitionProblems(pipelineFileSettings, text, refuseForeign).map(notHere),
  templates: [],
};

export const sweepDefinition: Definition = {
  title: 'sweep',
  submitTitle: 'Submit a sweep with this file',
  schema: sweepSchema,
  knowsAllKeys: false,
  problems: (text) => definitionProblems(sweepFileSettings, text).map(asSentence),
  templates: [],
};

/** Conda reads these files too, and knows more keys than matter here. */
export const condaEnvironmentDefinition: Definition = {
  title: 'conda environment',
  schema: condaEnvironmentSchema,
  knowsAllKeys: false,
  problems(text) {
    const yaml = parseYaml(text);
    const [mistake] = yaml.document.errors;
    if (mistake !== undefined) {
      return [{ start: mistake.pos[0], end: mistake.pos[1], message: mistake.message.split('\n', 1)[0] ?? '' }];
    }
    try {
      readCondaDependencies(yaml.document.toJS() ?? null, '');
      return [];
    } catch (error) {
      if (!(error instanceof CondaProblem)) {
        throw error;
      }
      const node = nodeAtPath(yaml, ['dependencies']) ?? nodeAtPath(yaml, []);
      return [{ ...(node ? spanOf(node) : { start: 0, end: 0 }), message: error.problem }];
    }
  },
  templates: [],
};

function asSentence({ start, end, message }: Problem): Problem {
  return { start, end, message: `${message}.` };
}
