import type { IconName } from './icons.ts';

const icons: readonly (readonly [RegExp, IconName])[] = [
  [/\.(?:txt|log|out|err)$/i, 'file-text'],
  [/\.(?:json|ya?ml|jsonl)$/i, 'json'],
  [/\.(?:csv|tsv|parquet)$/i, 'table'],
  [/\.(?:png|jpe?g|gif|svg|webp|bmp)$/i, 'file-media'],
  [/\.(?:zip|gz|tar|xz|7z)$/i, 'file-zip'],
  [/\.(?:pt|pth|ckpt|onnx|h5|pkl|joblib|safetensors|model)$/i, 'package'],
  [/\.(?:npy|npz|bin)$/i, 'file-binary'],
  [/\.py$/i, 'python'],
  [/\.md$/i, 'markdown'],
  [/\.pdf$/i, 'file-pdf'],
];

export function fileIcon(path: string): IconName {
  return icons.find(([pattern]) => pattern.test(path))?.[1] ?? 'file';
}
