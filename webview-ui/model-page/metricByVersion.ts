import { html, nothing, svg } from 'lit';
import type { ModelVersionModel } from '../../src/protocol/modelPage.ts';
import { formatMetric, formatTicks } from '../shared/formatNumbers.ts';
import { bestVersion, metricOf } from './chosenMetrics.ts';

const WIDTH = 320;
const HEIGHT = 140;
const LEFT = 44;
const RIGHT = 12;
const TOP = 10;
const BOTTOM = 22;
/** Numbers below the axis that have room. */
const MOST_LABELS = 8;

interface Point {
  readonly version: number;
  readonly value: number;
  readonly x: number;
  readonly y: number;
}

/** How a metric went from version to version. The table of versions says the same in numbers. */
export function metricByVersion(
  versions: readonly ModelVersionModel[],
  name: string,
  selected: number | undefined,
): unknown {
  const values = versions
    .flatMap((version) => {
      const value = metricOf(version, name);
      return value === undefined || !Number.isFinite(value) ? [] : [{ version: version.version, value }];
    })
    .sort((a, b) => a.version - b.version);
  if (values.length < 2) {
    return nothing;
  }
  const ticks = ticksOf(Math.min(...values.map(({ value }) => value)), Math.max(...values.map(({ value }) => value)));
  const [low = 0, high = 1] = [ticks[0], ticks.at(-1)];
  const points = values.map(
    ({ version, value }, index): Point => ({
      version,
      value,
      x: LEFT + (index / (values.length - 1)) * (WIDTH - LEFT - RIGHT),
      y: yOf(value, low, high),
    }),
  );
  const texts = formatTicks(ticks);
  const best = bestVersion(versions, name);
  const every = Math.ceil(points.length / MOST_LABELS);
  const chosen = points.findIndex(({ version }) => version === selected);
  const label = `${name} by version: ${points.map(({ version, value }) => `version ${version} ${formatMetric(value)}`).join(', ')}`;
  return html`<svg class="by-version" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${label}>
    ${ticks.map((tick, index) => {
      const y = yOf(tick, low, high);
      return svg`<line class="grid" x1=${LEFT} x2=${WIDTH - RIGHT} y1=${y} y2=${y}></line>
        <text class="tick" x=${LEFT - 8} y=${y + 3.5} text-anchor="end">${texts[index]}</text>`;
    })}
    <polyline class="line" points=${points.map(({ x, y }) => `${x},${y}`).join(' ')}></polyline>
    ${points.map(({ version, value, x, y }, index) => {
      const mark = version === best ? diamond(x, y) : svg`<circle class="point" cx=${x} cy=${y} r="3"></circle>`;
      // The number of the chosen version is always there, and those that it would touch are not.
      const isCrowded = chosen !== -1 && index !== chosen && Math.abs(index - chosen) < every;
      const isLabelled = index === chosen || (index % every === 0 && !isCrowded);
      return svg`<g class=${version === selected ? 'selected' : ''}>
        ${version === selected ? svg`<circle class="ring" cx=${x} cy=${y} r="7"></circle>` : nothing}
        ${mark}
        <title>version ${version}: ${value}</title>
        ${isLabelled ? svg`<text class="tick" x=${x} y=${HEIGHT - 6} text-anchor="middle">${version}</text>` : nothing}
      </g>`;
    })}
  </svg>`;
}

function diamond(x: number, y: number): unknown {
  return svg`<path class="best" d="M${x} ${y - 5.5}L${x + 5.5} ${y}L${x} ${y + 5.5}L${x - 5.5} ${y}Z"></path>`;
}

function yOf(value: number, low: number, high: number): number {
  return high === low ? HEIGHT / 2 : TOP + (1 - (value - low) / (high - low)) * (HEIGHT - TOP - BOTTOM);
}

/** Three to five round numbers that hold the values between them. */
export function ticksOf(low: number, high: number): readonly number[] {
  const span = high - low || Math.abs(high) || 1;
  const power = 10 ** Math.floor(Math.log10(span / 2));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => span / size <= 3) ?? span;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(Math.ceil(high / step - 1e-9), first + 1);
  // Not by adding up: 0.1 three times is not 0.3.
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}
