import type { HostToRunPage, MetricModel, RunPageModel } from '../../src/protocol/runPage.ts';

export type RunDelta = Extract<HostToRunPage, { type: 'delta' }>;
type ChildrenChange = Extract<HostToRunPage, { type: 'children' }>;

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
    installed: delta.installed ?? model.installed,
    metrics: delta.metrics === undefined ? model.metrics : mergeMetrics(model.metrics, delta.metrics),
    files: delta.files ?? model.files,
    children: model.children,
    primaryMetric: model.primaryMetric,
    orchestration: model.orchestration,
  };
}

/** The model after child runs have changed. A row that comes without metrics keeps those that it has. */
export function applyChildren(model: RunPageModel, { rows, removed }: ChildrenChange): RunPageModel {
  const children = new Map(model.children.map((child) => [child.id, child]));
  for (const row of rows) {
    const metrics = row.metrics ?? children.get(row.id)?.metrics;
    children.set(row.id, metrics === undefined ? row : { ...row, metrics });
  }
  for (const id of removed) {
    children.delete(id);
  }
  return { ...model, children: [...children.values()] };
}
