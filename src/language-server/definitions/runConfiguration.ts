import { basename } from 'node:path';
import { readRunConfigurationText } from '../../core/run-configurations/runConfigurationFile.ts';
import { runConfigurationSchema } from '../../core/run-configurations/runConfigurationSchema.ts';
import type { Definition } from './definition.ts';

/** `*.runconfig`, and files without an extension in `.azureml/`. */
export const runConfigurationDefinition: Definition = {
  title: 'run configuration',
  schema: runConfigurationSchema,
  knowsAllKeys: true,
  submitTitle: 'Submit with this configuration',
  hasRuns: true,
  problems: (text, path) =>
    read(text, path).problems.map(({ start, end, problem }) => ({ start, end, message: problem })),
  ignored: (text, path) =>
    read(text, path).ignored.map((keys) => ({
      path: keys,
      reason: `This version does not follow ${keys.join('.')}.`,
    })),
  templates: [
    {
      label: 'Run configuration',
      detail: 'A script on this machine',
      body: `script: \${1:train.py}
arguments: []
target: \${2:local}
environment:
  python:
    userManagedDependencies: \${3|true,false|}
    interpreterPath: python
history:
  snapshotProject: true
`,
    },
    {
      label: 'Run configuration with packages',
      detail: 'In an environment that is made for it',
      body: `script: \${1:train.py}
arguments: []
target: \${2:local}
environment:
  python:
    condaDependencies:
      dependencies:
        - python=\${3:3.11}
        - pip:
            - \${4:numpy}
`,
    },
  ],
};

function read(text: string, path: string) {
  const label = basename(path);
  return readRunConfigurationText(text, { name: label, path, label });
}
