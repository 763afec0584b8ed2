import type { HostToRunPage, MetricModel, RunIdentityModel, RunPageModel } from '../../src/protocol/runPage.ts';

export type RunDelta = Extract<HostToRunPage, { type: 'delta' }>;

/** Only the metrics that changed are sent: each replaces the one of its name, and new ones come last. */
export function mergeMetrics(current: readonly MetricModel[], changed: readonly MetricModel[]): readonly MetricModel[] {
  const byName = new Map(current.map((metric) => [metric.name, metric]));
  for (const metric of changed) {
    byName.set(metric.name, metric);
  }
  return [...byName.values()];
}

/** The model after a delta. Parts that did not change stay the same objects. */
export function applyDelta(model: RunPageModel, delta: RunDelta): RunPageModel {
  return {
    identity: model.identity,
    state: delta.state ?? model.state,
    annotations: delta.annotations ?? model.annotations,
    metrics: delta.metrics === undefined ? model.metrics : mergeMetrics(model.metrics, delta.metrics),
    files: delta.files ?? model.files,
  };
}

/** Only what was submitted can be submitted again; an interactive run belongs to a process of its own. */
export function canResubmit({ type, script }: RunIdentityModel): boolean {
  return type === 'Script' && script !== undefined;
}
