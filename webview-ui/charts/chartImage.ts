/** Pictures of a chart, for reports: as pixels and as vectors. */
import type { CanvasTheme } from '../shared/theme.ts';
import {
  DIAMOND_SIZE,
  LINE_WIDTH,
  marksOf,
  type PathSink,
  type Plot,
  RAW_OPACITY,
  tracePoints,
} from './curvePainter.ts';
import { type Curve, dashPatterns } from './curves.ts';
import type { LineChart } from './lineChart.ts';

const SVG = 'http://www.w3.org/2000/svg';
const TITLE_HEIGHT = 28;
const MARGIN = 10;

/** The base64 of a PNG with the pixels of the canvas below a title. */
export function toPng(chart: LineChart, theme: CanvasTheme, title: string): string {
  const { canvas } = chart;
  const scale = canvas.width / chart.size.width;
  const copy = document.createElement('canvas');
  copy.width = canvas.width;
  copy.height = canvas.height + TITLE_HEIGHT * scale;
  const context = copy.getContext('2d');
  if (context !== null) {
    context.fillStyle = theme.background;
    context.fillRect(0, 0, copy.width, copy.height);
    context.drawImage(canvas, 0, TITLE_HEIGHT * scale);
    context.fillStyle = theme.secondary;
    context.font = `${12 * scale}px ${theme.fontFamily}`;
    context.textBaseline = 'middle';
    context.fillText(title, MARGIN * scale, (TITLE_HEIGHT / 2) * scale, copy.width - 2 * MARGIN * scale);
  }
  return copy.toDataURL('image/png').replace(/^data:image\/png;base64,/, '');
}

/** Names may hold what XML has no place for, not even escaped. */
const notInXml = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** The text of an SVG with the same: lines as paths, words as text. */
export function toSvg(chart: LineChart, theme: CanvasTheme, name: string): string {
  const title = name.replace(notInXml, '\ufffd');
  const { width, height } = chart.size;
  const plot = chart.plot();
  const root = svgElement('svg', {
    width,
    height: height + TITLE_HEIGHT,
    viewBox: `0 0 ${round(width)} ${round(height + TITLE_HEIGHT)}`,
    'font-family': theme.fontFamily,
  });
  const clip = svgElement('clipPath', { id: 'plot' }, [
    svgElement('rect', {
      x: plot.area.left,
      y: plot.area.top - 2,
      width: plot.area.right - plot.area.left + 1,
      height: plot.area.bottom - plot.area.top + 4,
    }),
  ]);
  root.append(
    svgElement('title', {}, [title]),
    svgElement('defs', {}, [clip]),
    svgElement('rect', { width: '100%', height: '100%', fill: theme.background }),
    svgElement('text', { x: MARGIN, y: TITLE_HEIGHT / 2 + 4, 'font-size': 12, fill: theme.secondary }, [title]),
    svgElement('g', { transform: `translate(0 ${TITLE_HEIGHT})` }, [
      ...axes(chart, plot, theme),
      svgElement(
        'g',
        { 'clip-path': 'url(#plot)', fill: 'none', 'stroke-linejoin': 'round' },
        chart.curves.flatMap((curve) => lines(curve, plot)),
      ),
      ...chart.curves.flatMap((curve) => marks(curve, plot, theme)),
    ]),
  );
  return new XMLSerializer().serializeToString(root);
}

function axes(chart: LineChart, plot: Plot, theme: CanvasTheme): SVGElement[] {
  const { left, right, top, bottom } = plot.area;
  const size = (theme.fontSize * 10) / 13;
  const word = (text: string, x: number, y: number, anchor: string): SVGElement =>
    svgElement('text', { x, y, 'text-anchor': anchor, 'font-size': size, fill: theme.secondary }, [text]);
  const isBetween = (value: number, start: number, end: number): boolean => value >= start - 1 && value <= end + 1;
  const rows = chart.ticks.y.values.flatMap((value, index) => {
    const y = plot.y.toPixel(value);
    return isBetween(y, top, bottom)
      ? [
          svgElement('line', { x1: left, x2: right, y1: y, y2: y, stroke: theme.grid }),
          word(chart.ticks.y.labels[index] ?? '', left - 6, y + size * 0.35, 'end'),
        ]
      : [];
  });
  const columns = chart.ticks.x.values.flatMap((value, index) => {
    const x = plot.x.toPixel(value);
    return isBetween(x, left, right) ? [word(chart.ticks.x.labels[index] ?? '', x, bottom + size + 6, 'middle')] : [];
  });
  return [...rows, svgElement('line', { x1: left, x2: right, y1: bottom, y2: bottom, stroke: theme.axis }), ...columns];
}

function lines(curve: Curve, plot: Plot): SVGElement[] {
  const dash = dashPatterns[curve.dash].join(' ');
  const line = (points: Curve['points'], width: number, opacity: number): SVGElement[] => {
    const sink = new PathText();
    const alone = tracePoints(sink, points, plot);
    const stroke = { stroke: curve.colour, 'stroke-width': width, opacity };
    return [
      svgElement('path', { d: sink.text, ...stroke, ...(dash === '' ? {} : { 'stroke-dasharray': dash }) }),
      ...alone.map(([cx, cy]) => svgElement('circle', { cx, cy, r: 2, fill: curve.colour, opacity })),
    ];
  };
  return [...(curve.raw === undefined ? [] : line(curve.raw, 1, RAW_OPACITY)), ...line(curve.points, LINE_WIDTH, 1)];
}

function marks(curve: Curve, plot: Plot, theme: CanvasTheme): SVGElement[] {
  const { best, end } = marksOf(curve, plot);
  const d = DIAMOND_SIZE;
  return [
    ...(best === undefined
      ? []
      : [
          svgElement('path', {
            d: `M${round(best[0])} ${round(best[1] - d)}l${d} ${d}l${-d} ${d}l${-d} ${-d}z`,
            fill: theme.background,
            stroke: curve.colour,
            'stroke-width': 1.25,
          }),
        ]),
    ...(end === undefined ? [] : [svgElement('circle', { cx: end[0], cy: end[1], r: 3, fill: curve.colour })]),
  ];
}

/** Writes a path down to a hundredth of a pixel. */
export class PathText implements PathSink {
  text = '';

  moveTo(x: number, y: number): void {
    this.text += `M${round(x)} ${round(y)}`;
  }

  lineTo(x: number, y: number): void {
    this.text += `L${round(x)} ${round(y)}`;
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Drawing programs know `rgb`, but not every one of them `rgba`. */
function plainColour(value: string): string {
  return value.replace(/^rgba\((\d+), (\d+), (\d+), 1\)$/, 'rgb($1, $2, $3)');
}

function svgElement(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  children: readonly (Node | string)[] = [],
): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(key, typeof value === 'number' ? String(round(value)) : plainColour(value));
  }
  element.append(...children);
  return element;
}
