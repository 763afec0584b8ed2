import { describe, expect, it } from 'vitest';
import { describeCommit, gitOf } from '../../webview-ui/run-page/git.ts';
import { failureTitle } from '../../webview-ui/run-page/overview/failureTitle.ts';
import { quoteArguments } from '../../webview-ui/run-page/overview/quoteArguments.ts';
import { blamedFrame, parseTraceback, shownPath } from '../../webview-ui/run-page/overview/traceback.ts';

const TEXT = `Traceback (most recent call last):
  File "/store/.runledger/experiments/iris/runs/r/.work/src/train.py", line 251, in <module>
    main(parse_args())
    ~~~~^^^^^^^^^^^^^^
  File "/home/mara/iris/helpers.py", line 14, in main
    step()
  File "/opt/venv/lib/python3.12/site-packages/torch/nn/module.py", line 1751, in call
    return self._impl()
  File "/opt/venv/lib/python3.12/site-packages/torch/nn/module.py", line 1762, in impl
    raise ValueError("no")
ValueError: no
`;

describe('parseTraceback', () => {
  const parts = parseTraceback(TEXT, '/home/mara/iris');

  it('tells own frames from libraries, and what was raised', () => {
    expect(parts.map(({ kind }) => kind)).toEqual(['own', 'own', 'library', 'text']);
    expect(parts[2]).toMatchObject({ library: 'torch', frames: [{ line: 1751 }, { line: 1762 }] });
    expect(parts[3]).toMatchObject({ lines: ['ValueError: no'] });
  });

  it('names files by the run’s code, and keeps the path as it was', () => {
    expect(parts[0]).toMatchObject({
      frame: {
        path: '/store/.runledger/experiments/iris/runs/r/.work/src/train.py',
        shown: 'src/train.py',
        line: 251,
        scope: '<module>',
        code: ['main(parse_args())'],
      },
    });
    expect(parts[1]).toMatchObject({ frame: { shown: 'helpers.py' } });
  });

  it('blames the innermost own frame', () => {
    expect(blamedFrame(parts)).toMatchObject({ shown: 'helpers.py', line: 14 });
    expect(blamedFrame(parseTraceback('KeyError: 3', undefined))).toBeUndefined();
  });

  it('reads a syntax error, whose frame has no scope', () => {
    const [frame, text] = parseTraceback(
      '  File "train.py", line 3\n    def f(:\n          ^\nSyntaxError: invalid syntax\n',
      undefined,
    );
    expect(frame).toMatchObject({ kind: 'own', frame: { shown: 'train.py', line: 3, scope: '', code: ['def f(:'] } });
    expect(text).toMatchObject({ lines: ['SyntaxError: invalid syntax'] });
  });

  it('keeps the words between chained tracebacks', () => {
    const chained = `${TEXT}\nDuring handling of the above exception, another exception occurred:\n\n${TEXT}`;
    const middle = parseTraceback(chained, undefined).filter(({ kind }) => kind === 'text');
    expect(middle).toHaveLength(2);
    expect(JSON.stringify(middle[0])).toContain('During handling');
  });
});

it('names the kind of exception, whose message alone may say little', () => {
  expect(failureTitle({ message: "'lr'", type: 'KeyError' })).toEqual({ title: "KeyError: 'lr'", rest: '' });
  expect(failureTitle({ message: 'CUDA out of memory\nTried 3 GiB\n', type: 'torch.OutOfMemoryError' })).toEqual({
    title: 'OutOfMemoryError: CUDA out of memory',
    rest: 'Tried 3 GiB',
  });
  expect(failureTitle({ message: 'KeyboardInterrupt', type: 'KeyboardInterrupt' }).title).toBe('KeyboardInterrupt');
  expect(failureTitle({ message: 'The script ended with exit code 3.' }).title).toBe(
    'The script ended with exit code 3.',
  );
});

it('shows a path in full where it lies elsewhere', () => {
  expect(shownPath('/home/mara/iris2/a.py', '/home/mara/iris')).toBe('/home/mara/iris2/a.py');
  expect(shownPath('C:\\code\\a.py', 'C:\\code')).toBe('a.py');
  expect(shownPath('/home/mara/iris/a.py', '/home/mara/iris/')).toBe('a.py');
});

it('quotes arguments as a shell takes them', () => {
  expect(quoteArguments(['--lr', '3e-3', "it's", '', 'a b'])).toBe("--lr 3e-3 'it'\\''s' '' 'a b'");
});

it('describes the commit', () => {
  const git = gitOf([
    ['azureml.git.branch', 'main'],
    ['azureml.git.commit', '8c1f2e9d2b7a'],
    ['azureml.git.dirty', 'True'],
  ]);
  expect(describeCommit(git)).toBe('main 8c1f2e9, with changes');
  expect(describeCommit({ ...git, isDirty: false })).toBe('main 8c1f2e9');
  expect(describeCommit(gitOf([]))).toBeUndefined();
});
