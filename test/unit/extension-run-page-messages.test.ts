import { describe, expect, it } from 'vitest';
import { pageHtml } from '../../src/extension/pages/pageHtml.ts';
import { parseRunPageMessage, parseRunPageState } from '../../src/extension/run-page/runPageMessages.ts';
import { defaultMetricsLayout } from '../../src/protocol/metricsLayout.ts';

describe('what a page sends', () => {
  it.each([
    null,
    'ready',
    {},
    { type: 'other' },
    { type: 'action', action: 'format' },
    { type: 'action', action: 'openFile' },
    { type: 'action', action: 'compareRuns', runIds: [3] },
    { type: 'action', action: 'registerModel', path: 3 },
    { type: 'action', action: 'copyText', text: 3 },
    { type: 'action', action: 'saveChart', metric: 'loss', form: 'exe', content: 'x' },
    { type: 'layout', layout: { ...defaultMetricsLayout, xAxis: 'y' } },
    { type: 'cancel' },
    { type: 'request', id: '1', method: 'table', params: { metric: 'a' } },
    {
      type: 'request',
      id: 1,
      method: 'series',
      params: { metric: 'a', axis: 'step', width: -1, xScale: 'linear', yScale: 'linear', origin: 0, smoothing: 0 },
    },
    {
      type: 'request',
      id: 1,
      method: 'series',
      params: {
        metric: 'a',
        axis: 'step',
        width: 9,
        xScale: 'linear',
        yScale: 'linear',
        origin: 0,
        smoothing: 0,
        from: 'x',
      },
    },
    {
      type: 'request',
      id: 1,
      method: 'series',
      params: { metric: 'a', axis: 'y', width: 9, xScale: 'linear', yScale: 'linear', origin: 0, smoothing: 0 },
    },
    { type: 'request', id: 1, method: 'annotate', params: { displayName: '' } },
    { type: 'request', id: 1, method: 'readLog', params: { path: 'a', line: -1 } },
    { type: 'action', action: 'copyTable', table: { columns: ['a'], rows: [[{}]] } },
    { type: 'request', id: 1, method: 'searchLog', params: { path: 'a', text: '' } },
    { type: 'request', id: 1, method: 'annotate', params: { addTags: [['a']] } },
    { type: 'request', id: 1, method: 'readFile', params: { path: '/etc/passwd' } },
  ])('%j is refused', (message) => {
    expect(parseRunPageMessage(message)).toBeUndefined();
  });

  it.each<unknown>([
    { type: 'ready' },
    { type: 'resync' },
    { type: 'action', action: 'openSource', path: '/a.py', line: 3 },
    { type: 'action', action: 'cancel' },
    {
      type: 'request',
      id: 1,
      method: 'series',
      params: {
        metric: 'a',
        axis: 'time',
        width: 9,
        xScale: 'linear',
        yScale: 'log',
        origin: 5,
        smoothing: 0,
        from: 0,
        to: 2,
      },
    },
    { type: 'request', id: 2, method: 'stopLog', params: {} },
    { type: 'request', id: 2, method: 'readLog', params: { path: 'logs/a.txt', line: 0 } },
    { type: 'request', id: 2, method: 'searchLog', params: { path: 'a', text: '<b>', isCaseSensitive: false } },
    { type: 'request', id: 2, method: 'preview', params: { path: 'a' } },
    { type: 'action', action: 'saveFile', path: 'outputs/a' },
    { type: 'action', action: 'compareRuns', runIds: ['a', 'b'] },
    { type: 'action', action: 'registerModel' },
    { type: 'action', action: 'registerModel', path: 'outputs/model' },
    { type: 'action', action: 'copyTable', table: { columns: ['a'], rows: [[null], [{ $float: 'NaN' }], ['<b>']] } },
    {
      type: 'request',
      id: 3,
      method: 'annotate',
      params: { displayName: null, description: '# a', notes: null, addTags: [['team', null]], removeTags: ['<b>'] },
    },
    { type: 'cancel', id: 7 },
    { type: 'layout', layout: { ...defaultMetricsLayout, smoothing: 0.6, pinned: ['<b>', 'loss'] } },
    { type: 'action', action: 'exportMetric', metric: 'loss' },
    { type: 'action', action: 'saveChart', metric: 'loss', form: 'svg', content: '<svg/>' },
  ])('%j is taken as it is', (message) => {
    expect(parseRunPageMessage(message)).toEqual(message);
  });

  it('is restored from what it kept, and from nothing else', () => {
    const state = { workspaceFolder: '/w', runId: 'iris_1_a', tab: 'metrics' };
    expect(parseRunPageState(state)).toEqual(state);
    expect(parseRunPageState({ ...state, tab: 'gone' })).toEqual({ workspaceFolder: '/w', runId: 'iris_1_a' });
    expect(parseRunPageState({ runId: 'iris_1_a' })).toBeUndefined();
  });
});

describe('the document of a page', () => {
  it('runs one script, loads nothing from elsewhere, and has a new nonce each time', () => {
    const options = {
      element: 'runledger-run-page',
      cspSource: 'vscode:',
      scriptUri: 'vscode:/a.js',
      styleUri: 'vscode:/a.css',
      language: 'en',
    };
    const html = pageHtml(options);
    expect(html).toContain('<runledger-run-page></runledger-run-page>');
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/script-src[^;]*(unsafe|https?:|\*)/);
    const nonce = /script-src 'nonce-([^']+)'/.exec(html)?.[1] ?? '';
    expect(html).toContain(`nonce="${nonce}" src="vscode:/a.js"`);
    expect(pageHtml(options)).not.toContain(nonce);
  });
});
