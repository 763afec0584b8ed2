import { expect, it } from 'vitest';
import { RunledgerError } from '../../src/core/base/errors.ts';
import { PageAnswers } from '../../src/extension/pages/pageAnswers.ts';

function page() {
  const posted: unknown[] = [];
  const defects: unknown[] = [];
  const answers = new PageAnswers(
    (response) => posted.push(response),
    (error) => defects.push(error),
  );
  return { answers, posted, defects };
}

it('answers with the result, or with a sentence of what went wrong', async () => {
  const { answers, posted, defects } = page();
  await answers.answer(1, async () => [0.5]);
  await answers.answer(2, () => Promise.reject(new RunledgerError('not-found', 'There is none.', { advice: 'Look.' })));
  const defect = new TypeError('x is undefined');
  await answers.answer(3, () => Promise.reject(defect));
  expect(posted).toEqual([
    { type: 'response', id: 1, result: [0.5] },
    { type: 'response', id: 2, error: 'There is none. Look.' },
    { type: 'response', id: 3, error: 'x is undefined' },
  ]);
  expect(defects).toEqual([defect]);
});

it('answers nothing that the page does not wait for, and tells the work', async () => {
  const { answers, posted, defects } = page();
  const stopped: number[] = [];
  const endless = (id: number) =>
    answers.answer(
      id,
      (signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            stopped.push(id);
            reject(new TypeError('stopped'));
          });
        }),
    );
  const works = [endless(1), endless(2), endless(3)];
  answers.cancel(2);
  answers.cancel(77);
  expect(stopped).toEqual([2]);
  answers.cancelAll();
  // The page begins anew, with the same numbers, before the work has ended.
  const again = answers.answer(1, async () => 'new');
  await Promise.all([...works, again]);
  expect(stopped).toEqual([2, 1, 3]);
  expect(posted).toEqual([{ type: 'response', id: 1, result: 'new' }]);
  expect(defects).toEqual([]);
});
