import type { Schema } from './schema.ts';

/** A conda environment file, or the same within a run configuration. */
export const condaEnvironmentSchema = {
  type: 'object',
  description: 'A conda environment: the packages of conda and of pip that the script gets.',
  properties: {
    name: { type: ['string', 'null'], description: 'The name of the environment. Nothing depends on it here.' },
    channels: {
      type: ['array', 'null'],
      description: 'Where conda looks for packages. Packages are installed by pip here.',
      items: { type: 'string', examples: ['conda-forge', 'defaults', 'pytorch', 'nvidia', 'anaconda'] },
    },
    dependencies: {
      type: ['array', 'null'],
      description:
        'Packages, such as `numpy=1.26`, and `python=3.11` for the version of Python. Packages of pip stand in a list of their own: `- pip: [torch]`.',
      items: {
        type: ['string', 'object'],
        properties: {
          pip: {
            type: ['array', 'null'],
            description: 'Lines of a requirements file of pip: packages, and options such as `-r requirements.txt`.',
            items: { type: 'string' },
          },
        },
      },
    },
    variables: {
      type: ['object', 'null'],
      description: 'Variables that conda sets where the environment is activated.',
      additionalProperties: { type: ['string', 'number', 'boolean'] },
    },
    prefix: {
      type: ['string', 'null'],
      description: 'Where conda put the environment on the machine that exported it.',
    },
    platforms: { type: ['array', 'null'], items: { type: 'string' } },
  },
} as const satisfies Schema;
