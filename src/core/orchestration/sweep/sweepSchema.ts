/** What the keys of a sweep's file mean, for the editor. Which there are is for `sweepFile.ts` to say: others do not compile. */

import type * as v from 'valibot';
import type { Schema } from '../../configuration-files/schema.ts';
import { expressionKinds } from './expressions.ts';
import type { sweepFileSettings } from './sweepFile.ts';

type SweepFile = v.InferInput<typeof sweepFileSettings>;

const samplingProperties: Readonly<Record<keyof SweepFile['sampling'], Schema>> = {
  type: {
    type: 'string',
    description: 'How values are chosen.',
    enum: ['random', 'grid', 'bayesian'],
    enumDescriptions: ['At random.', 'Every combination.', 'Near what went well so far.'],
  },
  seed: { type: 'number', description: 'With the same seed, the same values are chosen.' },
  parameter_space: {
    type: 'array',
    description: 'The arguments of the script that are tried out.',
    items: {
      type: 'object',
      required: ['name', 'expression', 'values'],
      properties: {
        name: { type: 'string', description: 'The argument, as `--lr`.', refersTo: 'argument' },
        expression: {
          type: 'string',
          description: 'Where its values come from.',
          enum: expressionKinds,
        },
        values: {
          type: 'array',
          description:
            'Of `choice` the values themselves, of `uniform` the least and the greatest, of `normal` the mean and the deviation, of `randint` the bound.',
        },
      },
    },
  },
};

const policyProperties: Readonly<Record<keyof NonNullable<SweepFile['policy']>, Schema>> = {
  type: {
    type: 'string',
    description: 'When trials that do badly are ended before their time.',
    enum: ['BanditPolicy', 'MedianStoppingPolicy', 'TruncationSelectionPolicy', 'NoTerminationPolicy'],
    enumDescriptions: [
      'Far behind the best so far.',
      'Worse than the median of the others.',
      'Among the worst of each interval.',
      'Never.',
    ],
  },
  evaluation_interval: { type: 'number', description: 'Every so many values of the metric.', default: 1 },
  delay_evaluation: { type: 'number', description: 'Not before so many values of the metric.', default: 0 },
  slack_factor: { type: 'number', description: 'Of `BanditPolicy`: how far behind, as a ratio.' },
  slack_amount: { type: 'number', description: 'Of `BanditPolicy`: how far behind, as an amount.' },
  truncation_percentage: { type: 'number', description: 'Of `TruncationSelectionPolicy`: how many are ended.' },
  exclude_finished_jobs: { type: 'boolean', description: 'Of `TruncationSelectionPolicy`.', default: false },
};

const sweepProperties: Readonly<Record<keyof SweepFile, Schema>> = {
  sampling: {
    type: 'object',
    description: 'What is tried out.',
    required: ['type', 'parameter_space'],
    properties: samplingProperties,
  },
  policy: {
    type: 'object',
    description: 'Early termination.',
    required: ['type'],
    properties: { ...policyProperties, delay_interval: { type: 'number' } },
  },
  primary_metric_name: { type: 'string', description: 'The metric that trials are compared by.', refersTo: 'metric' },
  primary_metric_goal: {
    type: 'string',
    description: 'Whether more of it is better, or less.',
    enum: ['maximize', 'minimize'],
  },
  max_total_runs: { type: 'integer', description: 'How many trials there are at most.' },
  max_concurrent_runs: { type: 'integer', description: 'How many of them go on at once.' },
  max_duration_minutes: { type: 'integer', description: 'The sweep is ended after so long.', default: 10_080 },
};

export const sweepSchema: Schema = {
  type: 'object',
  description: 'A sweep over the arguments of a script.',
  required: ['sampling', 'primary_metric_name', 'primary_metric_goal', 'max_total_runs'],
  properties: sweepProperties,
};
