import { html, type TemplateResult } from 'lit';
import { formatCount, formatMetric, formatMetricLong } from '../../shared/formatNumbers.ts';
import { formatDate, formatDuration } from '../../shared/formatTimes.ts';
import type { SeriesBuffer } from './seriesBuffer.ts';

/** The points of a chart as rows, newest first: what the curve says, for eyes and for screen readers. */
export function seriesTable(buffer: SeriesBuffer, origin: number): TemplateResult {
  const places = Array.from(buffer.x, (_, index) => index).reverse();
  return html`<table>
    <thead>
      <tr>
        <th scope="col">step</th>
        <th scope="col">time</th>
        <th scope="col">value</th>
      </tr>
    </thead>
    <tbody>
      ${places.map((index) => row(buffer, index, origin))}
    </tbody>
  </table>`;
}

function row(buffer: SeriesBuffer, index: number, origin: number): TemplateResult {
  const x = buffer.x[index] ?? 0;
  const time = buffer.times[index] ?? 0;
  const value = buffer.values[index] ?? Number.NaN;
  return html`<tr>
    <td>${Number.isInteger(x) ? formatCount(x) : formatMetric(x)}</td>
    <td title=${formatDate(time)}>${formatDuration(time - origin)}</td>
    <td title=${String(value)}>${formatMetricLong(value)}</td>
  </tr>`;
}
