import type { FilePreviewModel } from '../../src/protocol/runPage.ts';
import { noiseOf } from './curves.ts';
import { plot } from './scenarios.ts';

/** What the invented run has in its files. */
export function previewOf(path: string): FilePreviewModel {
  if (/\.(?:png|svg)$/.test(path)) {
    return { kind: 'image', uri: plot(200) };
  }
  if (path.endsWith('.csv')) {
    const rows = Array.from({ length: 3000 }, (_, index) => [`img_${index}.png`, index % 10, noiseOf(index), null]);
    return { kind: 'table', table: { columns: ['image', 'class', 'score', 'note'], rows }, isCut: true };
  }
  if (path.endsWith('.json')) {
    return { kind: 'text', text: '{"arch":"resnet18","lr":0.003,"tags":["a","<b>"],"deep":{"er":null}}', isCut: false };
  }
  if (path.endsWith('.md')) {
    const text =
      '# Notes\n\nThe run **converged** early.\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n<script>alert(1)</script>\n';
    return { kind: 'text', text, isCut: false };
  }
  return { kind: 'binary' };
}

export const snapshotFiles = [
  'README.md',
  'configs/resnet18.yaml',
  'configs/resnet34.yaml',
  'requirements.txt',
  'src/data.py',
  'src/models/__init__.py',
  'src/models/resnet.py',
  'src/train.py',
  'tests/test_data.py',
].map((path, index) => ({ path, bytes: 400 + 911 * index }));
