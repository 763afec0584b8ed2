import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { colouredPieces } from '../../webview-ui/run-page/files/ansi.ts';
import { fileRows } from '../../webview-ui/run-page/files/fileTree.ts';
import {
  hasTimestamps,
  LogBuffer,
  MOST_LINES,
  overwritten,
  readLine,
} from '../../webview-ui/run-page/files/logBuffer.ts';
import { isLog, mainLog } from '../../webview-ui/run-page/files/logFiles.ts';
import { LogMarks, rulerMarks } from '../../webview-ui/run-page/files/logMarks.ts';
import { matchesIn, timestampLength } from '../../webview-ui/run-page/files/textMatches.ts';

const ESC = '\u001b[';

function opened(text: string, start = 0): LogBuffer {
  const buffer = new LogBuffer();
  buffer.replace({ path: 'logs/std_log.txt', start, end: start + text.length, text });
  return buffer;
}

function append(buffer: LogBuffer, start: number, text: string): string {
  return buffer.append({ path: 'logs/std_log.txt', start, end: start + text.length, text });
}

function texts(buffer: LogBuffer): string[] {
  return buffer.lines.map(({ text }) => text);
}

describe('LogBuffer', () => {
  it('shows a line before its end was written, and goes on with it', () => {
    const buffer = opened('one\ntw');
    expect(texts(buffer)).toEqual(['one', 'tw']);
    expect(append(buffer, 6, 'o\nthree\n')).toBe('appended');
    expect(texts(buffer)).toEqual(['one', 'two', 'three']);
  });

  it('is the same however the text is cut', () => {
    const text = `a\r\nb ${ESC}31mred\nstill red${ESC}0m\n 10%|#\r 20%|##\nTraceback (most recent call last):\n  File "x.py", line 1\nValueError: no\nERROR x\n`;
    const whole = opened(text);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: text.length })), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), text.length];
        const buffer = opened('');
        places.slice(1).forEach((end, index) => {
          append(buffer, places[index] ?? 0, text.slice(places[index], end));
        });
        expect(buffer.lines).toEqual(whole.lines);
        expect([buffer.errorCount, buffer.warningCount]).toEqual([whole.errorCount, whole.warningCount]);
      }),
    );
  });

  it('asks for the log anew when a part is missing or it begins anew', () => {
    const buffer = opened('one\n', 100);
    expect(append(buffer, 104, 'two\n')).toBe('appended');
    expect(append(buffer, 100, 'one\n')).toBe('known');
    expect(append(buffer, 200, 'later')).toBe('gap');
    expect(append(buffer, 0, 'new')).toBe('gap');
  });

  it('lets the oldest lines go', () => {
    const buffer = opened('ERROR first\n');
    append(buffer, 12, 'x\n'.repeat(MOST_LINES + 4));
    expect(buffer.lines).toHaveLength(MOST_LINES);
    expect(buffer.droppedLines).toBe(5);
    expect(buffer.errorCount).toBe(0);
  });

  it('marks a traceback as one error to its last line, and goes on', () => {
    const buffer = opened(
      'INFO a\nTraceback (most recent call last):\n  File "x.py", line 1, in f\n    g()\nValueError: no\nINFO b\n',
    );
    expect(buffer.lines.map(({ level }) => level)).toEqual([undefined, 'error', 'error', 'error', 'error', undefined]);
    expect(buffer.errorCount).toBe(1);
  });

  it.each([
    ['2026-11-20 21:00:00 ERROR it broke', 'error'],
    ['torch.OutOfMemoryError: CUDA out of memory', 'error'],
    [`${ESC}33mWARNING${ESC}0m careful`, 'warning'],
    ['/lib/x.py:3: UserWarning: careful', 'warning'],
    ['error rate 0.3', undefined],
    ['0 errors', undefined],
  ])('reads the level of %s', (line, level) => {
    expect(opened(`${line}\n`).lines[0]?.level).toBe(level);
  });
});

describe('progress bars', () => {
  it('show what was written last', () => {
    expect(overwritten(' 10%|# \r 20%|##\r')).toBe(' 20%|##');
    expect(overwritten('a long line\rab')).toBe('ablong line');
    expect(overwritten('windows\r')).toBe('windows');
    expect(overwritten('')).toBe('');
  });
});

describe('colours', () => {
  it('hold until they are reset, over lines', () => {
    const buffer = opened(`${ESC}1;31mred\nstill${ESC}0m plain\nafter\n`);
    const [first, second, third] = buffer.lines.map((line) => readLine(line).pieces);
    expect(first).toMatchObject([{ text: 'red', colour: 'red', decorations: ['bold'] }]);
    expect(second).toMatchObject([
      { text: 'still', colour: 'red' },
      { text: ' plain', colour: undefined },
    ]);
    expect(third).toMatchObject([{ text: 'after', colour: undefined }]);
  });

  it('may be of the palette or any', () => {
    expect(colouredPieces('', `${ESC}38;5;196mx`)[0]?.colour).toBe('rgb(255, 0, 0)');
    expect(colouredPieces('', `${ESC}38;5;9mx`)[0]?.colour).toBe('bright-red');
    expect(colouredPieces('', `${ESC}38;5;244mx`)[0]?.colour).toBe('rgb(128, 128, 128)');
    expect(colouredPieces('', `${ESC}48;2;1;2;3mx`)[0]?.background).toBe('rgb(1, 2, 3)');
  });

  it('are all that is left of what a terminal acts on', () => {
    const buffer = opened(`${ESC}2K\u001b]0;title\u0007text${ESC}?25l\u0007\n`);
    expect(
      readLine(buffer.lines[0] ?? { text: '', carried: '', level: undefined, startsBlock: false })
        .pieces.map(({ text }) => text)
        .join(''),
    ).toBe('text');
  });

  it('never turn text into markup', () => {
    const [line] = opened('<script>alert(1)</script> &amp;\n').lines;
    expect(line && readLine(line).pieces[0]?.text).toBe('<script>alert(1)</script> &amp;');
  });
});

describe('links', () => {
  it('are made of the place in a traceback, through its colours', () => {
    const buffer = opened(
      `Traceback (most recent call last):\n  File ${ESC}35m"/a/b.py"${ESC}0m, line ${ESC}35m7${ESC}0m, in f\n`,
    );
    const line = buffer.lines[1];
    expect(line).toBeDefined();
    const { pieces, link } = readLine(line ?? { text: '', carried: '', level: undefined, startsBlock: false });
    expect(link).toEqual({ path: '/a/b.py', line: 7 });
    expect(
      pieces
        .filter(({ isLink }) => isLink)
        .map(({ text }) => text)
        .join(''),
    ).toBe('"/a/b.py", line 7');
    expect(pieces.map(({ text }) => text).join('')).toBe('  File "/a/b.py", line 7, in f');
  });
});

describe('files', () => {
  const files = ['outputs/b.pt', 'logs/std_log.txt', 'notes.md', 'outputs/a/x.bin', 'images/1.png'].map((path) => ({
    path,
    bytes: 10,
    modifiedTime: 0,
  }));

  it('stand in folders, logs and outputs first', () => {
    expect(fileRows(files, new Set(['images'])).map(({ path, depth, fileCount }) => [path, depth, fileCount])).toEqual([
      ['logs', 0, 1],
      ['logs/std_log.txt', 1, 0],
      ['outputs', 0, 2],
      ['outputs/a', 1, 1],
      ['outputs/a/x.bin', 2, 0],
      ['outputs/b.pt', 1, 0],
      ['images', 0, 1],
      ['notes.md', 0, 0],
    ]);
  });

  it('are logs where they lie in a folder of logs', () => {
    expect(isLog('logs/std_log.txt')).toBe(true);
    expect(isLog('azureml-logs/70_driver_log.txt')).toBe(false);
    expect(isLog('outputs/notes.txt')).toBe(false);
    expect(mainLog([...files, { path: 'logs/a.txt', bytes: 1, modifiedTime: 0 }])).toBe('logs/std_log.txt');
    expect(mainLog([])).toBeUndefined();
  });
});

describe('what is looked for in a log', () => {
  const find = { text: 'loss', isCaseSensitive: false };
  const lineOf = (text: string) => {
    const buffer = new LogBuffer();
    buffer.replace({ path: 'a', start: 0, end: text.length, text });
    return buffer.lines[0] ?? { text: '', carried: '', level: undefined, startsBlock: false };
  };

  it('is marked across colours, and inside the link of a place', () => {
    const { pieces } = readLine(lineOf('a Lo\u001b[31mss\u001b[0m b loss'), { find });
    expect(pieces.filter(({ isMatch }) => isMatch).map(({ text }) => text)).toEqual(['Lo', 'ss', 'loss']);
    expect(pieces.map(({ text }) => text).join('')).toBe('a Loss b loss');
    const error = readLine(lineOf('ERROR File "/loss.py", line 3'), { find });
    expect(error.link).toEqual({ path: '/loss.py', line: 3 });
    expect(error.pieces.filter(({ isLink }) => isLink).map(({ text }) => text)).toEqual(['"/', 'loss', '.py", line 3']);
  });

  it('minds the case where it is to', () => {
    expect(matchesIn('Loss loss', { text: 'loss', isCaseSensitive: true })).toEqual([{ from: 5, to: 9 }]);
    expect(matchesIn('aaa', { text: 'aa', isCaseSensitive: true })).toEqual([{ from: 0, to: 2 }]);
    expect(matchesIn('İ loss', find)).toEqual([{ from: 0, to: 6 }]);
  });
});

describe('times in a log', () => {
  it.each([
    ['2026-11-20 21:33:32,123 INFO a', 'INFO a'],
    ['[21:33:32] a', 'a'],
    ['2026-11-20T21:33:32.5Z | a', 'a'],
    ['12:5 a', '12:5 a'],
    ['epoch 1', 'epoch 1'],
  ])('%s', (line, rest) => {
    expect(line.slice(timestampLength(line))).toBe(rest);
  });

  it('are told of where most lines have one, and left out where nobody wants them', () => {
    const buffer = new LogBuffer();
    const text = '\u001b[32m21:33:32\u001b[0m first\n21:33:33 second\n  deeper\n';
    buffer.replace({ path: 'a', start: 0, end: text.length, text });
    expect(hasTimestamps(buffer.lines)).toBe(true);
    const shown = buffer.lines.map((line) =>
      readLine(line, { hidesTime: true })
        .pieces.map((piece) => piece.text)
        .join(''),
    );
    expect(shown).toEqual(['first', 'second', '  deeper']);
  });
});

describe('the ruler of a log', () => {
  it('is read anew when the log grows or something else is found, and else stays the same', () => {
    const buffer = new LogBuffer();
    buffer.replace({ path: 'a', start: 0, end: 9, text: 'ERROR a\nb' });
    const marks = new LogMarks();
    const first = marks.of(buffer, 0, undefined);
    expect(first).toEqual([{ at: 0, kind: 'error' }]);
    expect(marks.of(buffer, 0, undefined)).toBe(first);
    const found = marks.of(buffer, 10, { lines: [3, 11], count: 2 });
    expect(found.map(({ kind }) => kind)).toEqual(['match', 'error']);
    buffer.append({ path: 'a', start: 9, end: 18, text: '\nERROR c\n' });
    expect(marks.of(buffer, 0, undefined).filter(({ kind }) => kind === 'error')).toHaveLength(2);
  });

  it('marks where errors begin and what was found, each place once', () => {
    const plain = { text: '', carried: '', level: undefined, startsBlock: false };
    const error = { ...plain, level: 'error', startsBlock: true } as const;
    const lines = [...Array.from({ length: 99_999 }, () => plain), error];
    expect(rulerMarks(lines, [-1, 0, 1, 2, 50_000, 100_000])).toEqual([
      { at: 0, kind: 'match' },
      { at: 0.5, kind: 'match' },
      { at: 599 / 600, kind: 'error' },
    ]);
  });
});
