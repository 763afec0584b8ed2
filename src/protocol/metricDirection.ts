/** Which values of a metric are good: the same on pages and beside the code. */
export type Direction = 'higher' | 'lower' | undefined;

const HIGHER = new Set([
  'acc',
  'accuracy',
  'auc',
  'auroc',
  'ap',
  'map',
  'f1',
  'precision',
  'recall',
  'score',
  'r2',
  'iou',
  'miou',
  'dice',
  'bleu',
  'rouge',
  'reward',
  'return',
  'kappa',
  'mcc',
  'specificity',
  'sensitivity',
  'psnr',
  'ssim',
]);
const LOWER = new Set([
  'loss',
  'error',
  'err',
  'mse',
  'mae',
  'rmse',
  'mape',
  'nll',
  'perplexity',
  'ppl',
  'wer',
  'cer',
  'ece',
  'brier',
  'fid',
  'deviance',
  'hinge',
]);

/** Which end of a metric is the good one, by the words of its name. Undefined where the name doesn't say. */
export function directionOf(name: string): Direction {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .reverse();
  for (const word of words) {
    if (LOWER.has(word)) {
      return 'lower';
    }
    if (HIGHER.has(word)) {
      return 'higher';
    }
  }
  return undefined;
}
