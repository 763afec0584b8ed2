/** Values of runs by the names that the query language has for them. */
import { RunledgerError } from '../base/errors.ts';
import { parametersOf } from '../domain/givenParameters.ts';
import type { MetricSummary } from '../domain/metric.ts';
import type { RunDetails } from '../domain/run.ts';
import { parseQuery } from '../run-query/parseQuery.ts';
import type { MetricPart, NamedField } from '../run-query/query.ts';
import { jsonValue } from './answers.ts';

/** Throws `invalid-argument` where a text is no `metrics.…`, `params.…`, `tags.…` or `properties.…`. */
export function namedField(text: string): NamedField {
  const { condition, order } = parseQuery(`order by ${text}`);
  const [key] = order;
  if (condition !== undefined || key === undefined || order.length > 1 || key.field.kind === 'attribute') {
    throw new RunledgerError('invalid-argument', `"${text}" is no field that runs have by name.`, {
      advice: 'Fields are metrics.<name>, min(metrics.<name>), params.<name>, tags.<name> and properties.<name>.',
    });
  }
  return key.field;
}

/** Null where the run has none; true for a tag without a value. */
export function fieldValue(details: RunDetails, field: NamedField): ReturnType<typeof jsonValue> {
  switch (field.kind) {
    case 'metric':
      return metricValue(
        details.metrics.find(({ name }) => name === field.name),
        field.part,
      );
    case 'parameter':
      return jsonValue(parametersOf(details).find(([name]) => name === field.name)?.[1]);
    case 'tag':
      return field.name in details.tags ? (details.tags[field.name] ?? true) : null;
    case 'property':
      return details.properties[field.name] ?? null;
  }
}

function metricValue(metric: MetricSummary | undefined, part: MetricPart): ReturnType<typeof jsonValue> {
  switch (part) {
    case 'last':
      return jsonValue(metric?.last);
    case 'count':
      return metric?.count ?? null;
    case 'min':
    case 'max':
      return jsonValue(metric?.[part]?.value);
  }
}
