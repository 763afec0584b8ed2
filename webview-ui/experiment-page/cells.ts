import { html, nothing } from 'lit';
import type { FieldModel, RowModel, StatisticsModel } from '../../src/protocol/experimentPage.ts';
import { directionOf } from '../../src/protocol/metricDirection.ts';
import type { WireScalar } from '../../src/protocol/wire.ts';
import { formatCount, formatMetric, scalarToNumber, scalarToText } from '../shared/formatNumbers.ts';
import { formatDate, formatDuration } from '../shared/formatTimes.ts';
import { isTerminal, statusLook } from '../shared/statusLook.ts';
import { isTimeField } from './fields.ts';

/** What a cell shows and what is said of it on hover, which is also what is copied. */
export interface CellText {
  readonly text: string;
  readonly full: string;
  readonly isMissing: boolean;
}

/** @param now Unix seconds */
export function cellText(field: FieldModel, value: WireScalar, row: RowModel, now: number): CellText {
  if (field.kind === 'attribute') {
    return attributeText(field, value, row, now);
  }
  if (value === null) {
    return { text: '', full: 'none', isMissing: true };
  }
  const full = value === true && field.kind === 'tag' ? 'set' : scalarToText(value);
  const number = typeof value === 'boolean' ? undefined : scalarToNumber(value);
  if (field.kind !== 'metric' || number === undefined || typeof value === 'string') {
    return { text: full, full, isMissing: false };
  }
  const isWhole = Number.isInteger(number) && Math.abs(number) > 1 && Math.abs(number) < 1e9;
  return { text: isWhole ? formatCount(number) : formatMetric(number), full, isMissing: false };
}

function attributeText(
  field: Extract<FieldModel, { kind: 'attribute' }>,
  value: WireScalar,
  row: RowModel,
  now: number,
): CellText {
  if (isTimeField(field) && typeof value === 'number') {
    return { text: formatAge(now - value), full: formatDate(value), isMissing: false };
  }
  if (field.name === 'duration') {
    const end = row.ended ?? (isTerminal(row.status) ? undefined : now);
    if (row.started === undefined || end === undefined) {
      return { text: '', full: 'not started', isMissing: true };
    }
    const text = formatDuration(end - row.started);
    return { text, full: text, isMissing: false };
  }
  if (field.name === 'status') {
    const { label } = statusLook(row.status);
    return { text: label, full: label, isMissing: false };
  }
  return value === null
    ? { text: '', full: 'none', isMissing: true }
    : { text: scalarToText(value), full: scalarToText(value), isMissing: false };
}

/** One unit: `12 s`, `24 min`, `4 h`, `3 d`. */
export function formatAge(seconds: number): string {
  const span = Math.max(0, seconds);
  if (span < 60) {
    return `${Math.floor(span)} s`;
  }
  if (span < 3600) {
    return `${Math.floor(span / 60)} min`;
  }
  return span < 86_400 ? `${Math.floor(span / 3600)} h` : `${formatCount(Math.floor(span / 86_400))} d`;
}

/** Whether a value is the best of all runs that match. */
export function isBest(field: FieldModel, value: WireScalar, totals: StatisticsModel | null | undefined): boolean {
  if (field.kind !== 'metric' || typeof value !== 'number' || totals === null || totals === undefined) {
    return false;
  }
  const direction = directionOf(field.name);
  const best = direction === 'higher' ? totals.max : direction === 'lower' ? totals.min : undefined;
  return totals.count > 1 && totals.min !== totals.max && value === best;
}

/** Mean, deviation and range of a group, the range on the scale of the whole column. */
export function statisticsCell(
  field: FieldModel,
  statistics: StatisticsModel | null | undefined,
  totals: StatisticsModel | null | undefined,
): unknown {
  if (statistics === null || statistics === undefined) {
    return nothing;
  }
  const { mean, standardDeviation, min, max, count } = statistics;
  const format = field.kind === 'attribute' && field.name === 'duration' ? formatDuration : formatMetric;
  const title = `mean ${format(mean)}, standard deviation ${format(standardDeviation)}, ${format(min)} to ${format(max)}, ${formatCount(count)} values`;
  return html`<span title=${title}>
    ${format(mean)}${count > 1 ? html`<span class="secondary"> ± ${format(standardDeviation)}</span>` : nothing}
    ${field.kind === 'metric' ? rangeBar(statistics, totals) : nothing}
  </span>`;
}

function rangeBar({ mean, min, max }: StatisticsModel, totals: StatisticsModel | null | undefined): unknown {
  if (totals === null || totals === undefined || totals.max <= totals.min) {
    return nothing;
  }
  const place = (value: number): number => (100 * (value - totals.min)) / (totals.max - totals.min);
  return html`<svg class="range" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
    <line class="scale" x1="0" y1="3" x2="100" y2="3"></line>
    <line class="spread" x1=${place(min)} y1="3" x2=${place(max)} y2="3"></line>
    <line class="mean" x1=${place(mean)} y1="0" x2=${place(mean)} y2="6"></line>
  </svg>`;
}
