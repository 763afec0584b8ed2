import { describe, expect, it } from 'vitest';
import { Answers } from '../../webview-ui/compare-page/answers.ts';

describe('answers of a page', () => {
  it('keep what was there until what changed has come, and ask for one thing once at a time', async () => {
    const asked: { readonly version: number; readonly answer: (value: string) => void }[] = [];
    let answered = (): void => {};
    const answers = new Answers<string>(() => answered());
    const get = (version: number) =>
      answers.get('table', version, () => new Promise((answer) => asked.push({ version, answer })));
    const answer = (value: string): Promise<void> =>
      new Promise((resolve) => {
        answered = resolve;
        asked.at(-1)?.answer(value);
      });

    expect(get(1)).toEqual({ kind: 'loading' });
    await answer('one row');
    expect(get(1)).toEqual({ kind: 'there', value: 'one row' });
    expect(get(2)).toEqual({ kind: 'there', value: 'one row' });
    expect(get(3)).toEqual({ kind: 'there', value: 'one row' });
    expect(asked.map(({ version }) => version)).toEqual([1, 2]);
    await answer('two rows');
    expect(get(3)).toEqual({ kind: 'there', value: 'two rows' });
    expect(asked.map(({ version }) => version)).toEqual([1, 2, 3]);
  });

  it('say why there is none, and do not ask again for the same', async () => {
    let asks = 0;
    await new Promise<void>((resolve) => {
      const answers = new Answers<string>(() => {
        expect(answers.get('table', 1, ask)).toEqual({ kind: 'failed', message: 'The run is gone.' });
        resolve();
      });
      const ask = (): Promise<string> => {
        asks += 1;
        return Promise.reject(new Error('The run is gone.'));
      };
      answers.get('table', 1, ask);
    });
    expect(asks).toBe(1);
  });
});
