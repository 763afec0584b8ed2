import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { contrast, luminance, readableOn, rgbOf } from '../../webview-ui/shared/contrast.ts';
import { codePoints } from '../../webview-ui/shared/icons.ts';
import { RequestClient, type RequestMessage } from '../../webview-ui/shared/requests.ts';
import { seriesColours } from '../../webview-ui/shared/theme.ts';

interface Requests {
  double: { params: { value: number }; result: number };
}

function newClient() {
  const sent: RequestMessage<Requests>[] = [];
  return { sent, client: new RequestClient<Requests>((message) => sent.push(message)) };
}

describe('requests', () => {
  it('get the answer that has their id, in any order', async () => {
    const { sent, client } = newClient();
    const answers = [client.request('double', { value: 1 }), client.request('double', { value: 2 })];
    expect(sent).toMatchObject([
      { method: 'double', params: { value: 1 } },
      { method: 'double', params: { value: 2 } },
    ]);
    client.settle({ id: sent[1]?.id ?? 0, result: 4 });
    client.settle({ id: sent[0]?.id ?? 0, result: 2 });
    expect(await Promise.all(answers)).toEqual([2, 4]);
  });

  it('are refused with the host’s sentence', async () => {
    const { sent, client } = newClient();
    const answer = client.request('double', { value: 1 });
    client.settle({ id: sent[0]?.id ?? 0, error: 'The run was deleted.' });
    await expect(answer).rejects.toThrow('The run was deleted.');
  });

  it('are all refused when the host begins anew', async () => {
    const { sent, client } = newClient();
    const answers = [client.request('double', { value: 1 }), client.request('double', { value: 2 })];
    client.rejectAll('The run was read anew.');
    client.settle({ id: sent[0]?.id ?? 0, result: 2 });
    const outcomes = await Promise.allSettled(answers);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('are stopped at the host when nobody wants the answer any more', async () => {
    const { sent, client } = newClient();
    const [stop, tooLate] = [new AbortController(), new AbortController()];
    const answer = client.request('double', { value: 1 }, stop.signal);
    const other = client.request('double', { value: 2 }, tooLate.signal);
    client.settle({ id: sent[1]?.id ?? 0, result: 4 });
    stop.abort();
    tooLate.abort();
    await expect(answer).rejects.toThrow('aborted');
    expect(await other).toBe(4);
    expect(sent.slice(2)).toEqual([{ type: 'cancel', id: sent[0]?.id }]);
  });

  it('pass over answers that nobody waits for', () => {
    expect(() => newClient().client.settle({ id: 99, result: null })).not.toThrow();
  });
});

describe('colours of series', () => {
  it('are chosen by the luminance of the background', () => {
    expect(luminance([255, 255, 255])).toBeCloseTo(1);
    expect(seriesColours([31, 31, 31])[0]).toBe('#59a4f9');
    expect(seriesColours([0, 43, 54])[0]).toBe('#59a4f9');
    expect(seriesColours([253, 246, 227])[0]).toBe('#0063d3');
  });
});

describe('colours of text', () => {
  const white = [255, 255, 255] as const;
  const dark = [31, 31, 31] as const;

  it('are taken apart as style sheets and canvases have them', () => {
    expect(rgbOf('#59a4f9')).toEqual([89, 164, 249]);
    expect(rgbOf('rgba(31, 32, 33, 0.5)')).toEqual([31, 32, 33]);
  });

  it('stay as they are where they can be read', () => {
    expect(readableOn(dark, [229, 229, 16])).toEqual([229, 229, 16]);
  });

  it.each([
    ['blue on a dark ground', dark, [36, 114, 200]],
    ['green on white', white, [20, 206, 20]],
    ['black on black', [0, 0, 0], [0, 0, 0]],
    ['red on grey', [120, 120, 120], [205, 49, 49]],
  ] as const)('are moved as far as it takes: %s', (_, ground, colour) => {
    expect(contrast(readableOn(ground, colour), ground)).toBeGreaterThan(4.5);
  });
});

describe('icons', () => {
  const styles = readFileSync(createRequire(import.meta.url).resolve('@vscode/codicons/dist/codicon.css'), 'utf8');

  it.each(Object.entries(codePoints))('%s has the place that the font gives it', (name, codePoint) => {
    const rule = new RegExp(`\\.codicon-${name}:before \\{ content: "\\\\([0-9a-f]+)" \\}`).exec(styles);
    expect(rule?.[1]).toBe(codePoint.toString(16));
  });
});
