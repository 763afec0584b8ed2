import { noiseOf } from './curves.ts';

const ESC = '\u001b[';

/** The log of the invented run: colours, a progress bar, a warning and a traceback. */
export function logText(lines: number, isFailed: boolean): string {
  const rows: string[] = [];
  for (let index = 0; index < lines; index++) {
    const clock = `21:${String(34 + (Math.floor(index / 60) % 26)).padStart(2, '0')}:${String(index % 60).padStart(2, '0')}`;
    if (index % 97 === 60) {
      rows.push(`${clock} ${ESC}33mWARNING${ESC}0m grad_norm 4.81 at step ${index * 16}, above 4.0`);
    } else if (index % 211 === 120) {
      rows.push(
        `${clock} ${ESC}31mERROR${ESC}0m DataLoader worker 3: cannot read data/train/img_30418.png, retry 1 of 3`,
        'Traceback (most recent call last):',
        '  File "/scratch/mara/cifar/src/data.py", line 88, in __getitem__',
        '    image = decode_png(read_file(path))',
        "OSError: [Errno 5] Input/output error: 'data/train/img_30418.png'",
      );
    } else {
      rows.push(
        `${clock} ${ESC}32mINFO${ESC}0m epoch ${ESC}36m${Math.floor(index / 4)}${ESC}0m/90 train/loss=${ESC}34m${(0.06 + 0.01 * noiseOf(index)).toFixed(4)}${ESC}0m val/accuracy=${ESC}1m${(0.93 + 0.01 * noiseOf(index + 1)).toFixed(4)}${ESC}0m`,
      );
    }
  }
  const bar = [10, 30, 48].map(
    (percent) =>
      `epoch 62/90: ${String(percent).padStart(3)}%|${'█'.repeat(percent / 5).padEnd(20)}| ${percent * 3}/352 [00:11<00:12, 15.0 it/s]`,
  );
  return `${rows.join('\n')}\n${bar.join('\r')}${isFailed ? '\n<script>alert(1)</script>\ntorch.OutOfMemoryError: CUDA out of memory.\n' : ''}`;
}
