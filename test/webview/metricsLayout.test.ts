import { describe, expect, it } from 'vitest';
import { defaultMetricsLayout, type MetricsLayout } from '../../src/protocol/metricsLayout.ts';
import type { MetricModel } from '../../src/protocol/runPage.ts';
import {
  foldKey,
  hide,
  moved,
  show,
  stepped,
  toggleFolded,
  togglePinned,
} from '../../webview-ui/run-page/metrics/arrangement.ts';
import { layOut } from '../../webview-ui/run-page/metrics/metricGroups.ts';
import { splitName } from '../../webview-ui/shared/best.ts';

function metric(name: string, more: Partial<MetricModel> = {}): MetricModel {
  return {
    name,
    kind: 'metric',
    description: undefined,
    count: 3,
    last: 0.5,
    lastX: 2,
    min: { x: 0, value: 0.25 },
    max: { x: 20_064, value: 0.942 },
    isNumeric: true,
    isSystem: false,
    columns: undefined,
    ...more,
  };
}

const metrics = [
  metric('loss'),
  metric('train/loss'),
  metric('val/loss'),
  metric('train/acc'),
  metric('epochs', { count: 1, last: 12 }),
  metric('device', { isNumeric: false, last: 'cpu' }),
  metric('confusion', { kind: 'table', columns: ['a', 'b', 'c'] }),
];

/** The groups by their names, each with the names of its charts. */
function groupsOf(layout: Partial<MetricsLayout> = {}, search = '', of = metrics): [string, string[]][] {
  const { groups } = layOut(of, { ...defaultMetricsLayout, ...layout }, search);
  return groups.map((group) => [foldKey(group), group.metrics.map(({ name }) => name)]);
}

function groupsAfter(change: (layout: MetricsLayout) => MetricsLayout | undefined): [string, string[]][] | undefined {
  const layout = change(defaultMetricsLayout);
  return layout === undefined ? undefined : groupsOf(layout);
}

function groups(layout: MetricsLayout = defaultMetricsLayout) {
  return layOut(metrics, layout, '').groups;
}

describe('layout of metrics', () => {
  it('makes tiles of single values, and groups of series', () => {
    const { tiles, shown, total } = layOut(metrics, defaultMetricsLayout, '');
    expect(tiles.map(({ name }) => name)).toEqual(['epochs', 'device']);
    expect(groupsOf()).toEqual([
      ['', ['loss']],
      ['train', ['train/loss', 'train/acc']],
      ['val', ['val/loss']],
    ]);
    expect([shown, total]).toEqual([6, 6]);
  });

  it('keeps what the run used of the machine apart', () => {
    const cpu = metric('system/cpu_percent', { isSystem: true });
    const first = metric('system/memory_megabytes', { isSystem: true, count: 1 });
    const own = metric('system/of_equations');
    const { tiles, shown, total } = layOut([cpu, first, ...metrics], defaultMetricsLayout, '');
    expect(tiles).not.toContain(first);
    expect([shown, total]).toEqual([6, 6]);
    expect(groupsOf({}, '', [cpu, first, own])).toEqual([
      ['system', [own.name]],
      ['/system', [cpu.name]],
    ]);
    expect(groupsOf({}, 'loss', [cpu])).toEqual([]);
    expect(groupsOf({ hidden: [cpu.name] }, '', [cpu])).toEqual([]);
  });

  it('finds every word of a search', () => {
    expect(groupsOf({}, 'LOSS tr')).toEqual([['train', ['train/loss']]]);
    expect(layOut(metrics, defaultMetricsLayout, 'nothing').shown).toBe(0);
  });

  it('draws tables of two columns', () => {
    const roc = metric('val/roc', { kind: 'table', columns: ['fpr', 'tpr'] });
    const one = metric('val/point', { kind: 'row', columns: ['x', 'y'], count: 1 });
    expect(groupsOf({}, '', [roc, one])).toEqual([['val', ['val/roc']]]);
  });

  it('takes a prefix only where something stands on both sides of the slash', () => {
    expect(splitName('a/b/c')).toEqual({ prefix: 'a/', rest: 'b/c' });
    expect(splitName('/b')).toEqual({ prefix: '', rest: '/b' });
    expect(splitName('b/')).toEqual({ prefix: '', rest: 'b/' });
  });
});

describe('charts', () => {
  it('stand on top in the order in which they were pinned', () => {
    const layout = togglePinned(togglePinned(defaultMetricsLayout, 'val/loss'), 'loss');
    expect(groupsOf(layout)).toEqual([
      ['/pinned', ['val/loss', 'loss']],
      ['train', ['train/loss', 'train/acc']],
    ]);
    expect(groupsOf(togglePinned(layout, 'val/loss'))[0]).toEqual(['/pinned', ['loss']]);
  });

  it('are hidden, pinned ones too, and shown again', () => {
    const layout = hide({ ...defaultMetricsLayout, pinned: ['loss'] }, ['loss', 'train/acc', 'loss']);
    expect(layout.hidden).toEqual(['loss', 'train/acc']);
    expect(groupsOf(layout)).toEqual([
      ['train', ['train/loss']],
      ['val', ['val/loss']],
    ]);
    expect(show(layout, ['loss']).hidden).toEqual(['train/acc']);
  });

  it('are moved within their group, and new ones come behind', () => {
    const place = { of: 'train/loss', side: 'before' } as const;
    const layout = moved(defaultMetricsLayout, groups(), 'train/acc', place) ?? defaultMetricsLayout;
    expect(groupsOf(layout, '', [metric('train/new'), ...metrics])[0]).toEqual([
      'train',
      ['train/acc', 'train/loss', 'train/new'],
    ]);
  });

  it('go to no other group', () => {
    const place = { of: 'val/loss', side: 'after' } as const;
    expect(moved(defaultMetricsLayout, groups(), 'train/acc', place)).toBeUndefined();
    expect(moved(defaultMetricsLayout, groups(), 'val/loss', place)).toBeUndefined();
  });

  it('are pinned where they are put beside a pinned one, and pinned no more beside one of their own', () => {
    const layout: MetricsLayout = { ...defaultMetricsLayout, pinned: ['loss', 'train/acc'] };
    const pinned = moved(layout, groups(layout), 'val/loss', { of: 'train/acc', side: 'before' });
    expect(pinned?.pinned).toEqual(['loss', 'val/loss', 'train/acc']);
    const back = moved(layout, groups(layout), 'train/acc', { of: 'train/loss', side: 'before' });
    expect(groupsOf(back)).toEqual([
      ['/pinned', ['loss']],
      ['train', ['train/acc', 'train/loss']],
      ['val', ['val/loss']],
    ]);
  });

  it('are moved by keys until they reach the end', () => {
    expect(groupsAfter((layout) => stepped(layout, groups(), 'train/loss', 1))?.[1]).toEqual([
      'train',
      ['train/acc', 'train/loss'],
    ]);
    expect(groupsAfter((layout) => stepped(layout, groups(), 'train/loss', -1))).toBeUndefined();
  });

  it('are folded by group', () => {
    const [first] = groups({ ...defaultMetricsLayout, pinned: ['loss'] });
    const layout = first === undefined ? defaultMetricsLayout : toggleFolded(defaultMetricsLayout, first);
    expect(layout.folded).toEqual(['/pinned']);
    expect(first === undefined ? undefined : toggleFolded(layout, first).folded).toEqual([]);
  });
});
