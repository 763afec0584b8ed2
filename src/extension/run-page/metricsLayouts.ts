import type { MetricsLayout } from '../../protocol/metricsLayout.ts';
import { isFields, isNumber } from '../pages/messageFields.ts';
import { axisScaleOf, xAxisOf } from '../pages/seriesRange.ts';

/** The part of VS Code's `Memento` that is used, so that this file needs no VS Code. */
export interface LayoutMemento {
  get(key: string): unknown;
  update(key: string, value: unknown): Thenable<void>;
}

/** Of names in one list: a run may log a million metrics, and what is kept must stay small. */
const mostNames = 2000;

/** How the Metrics tab looks, for each experiment, kept in the window's workspace state. */
export class MetricsLayouts {
  private readonly memento: LayoutMemento;

  constructor(memento: LayoutMemento) {
    this.memento = memento;
  }

  get(workspaceFolder: string, experiment: string): MetricsLayout | undefined {
    return parseMetricsLayout(this.memento.get(keyOf(workspaceFolder, experiment)));
  }

  async set(workspaceFolder: string, experiment: string, layout: MetricsLayout): Promise<void> {
    await this.memento.update(keyOf(workspaceFolder, experiment), layout);
  }
}

function keyOf(workspaceFolder: string, experiment: string): string {
  return `runledger.metricsLayout ${workspaceFolder}\n${experiment}`;
}

/** A layout from a page or from an earlier version; undefined where it is none. */
export function parseMetricsLayout(value: unknown): MetricsLayout | undefined {
  if (!isFields(value)) {
    return undefined;
  }
  const xAxis = xAxisOf(value.xAxis);
  const xScale = axisScaleOf(value.xScale);
  const yScale = axisScaleOf(value.yScale);
  const { smoothing } = value;
  if (xAxis === undefined || xScale === undefined || yScale === undefined) {
    return undefined;
  }
  return {
    xAxis,
    xScale,
    yScale,
    smoothing: isNumber(smoothing) && smoothing >= 0 && smoothing < 1 ? smoothing : 0,
    pinned: namesOf(value.pinned),
    hidden: namesOf(value.hidden),
    order: namesOf(value.order),
    folded: namesOf(value.folded),
  };
}

function namesOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string').slice(0, mostNames) : [];
}
