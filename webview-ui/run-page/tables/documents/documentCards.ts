import { html, type TemplateResult } from 'lit';
import type { BasicChartModel } from '../../../charts/basicChart.ts';
import { curveLook } from '../../../charts/curves.ts';
import { formatMetric } from '../../../shared/formatNumbers.ts';
import type { ThemeWatcher } from '../../../shared/theme.ts';
import { type ConfusionMatrix, readConfusionMatrix } from '../confusion.ts';
import {
  type AccuracyTable,
  type ClassCurve,
  precisionRecallCurves,
  readAccuracyTable,
  rocCurves,
} from './accuracyTable.ts';
import './documentCard.ts';
import {
  countsChart,
  type Predictions,
  predictionsChart,
  type Residuals,
  readPredictions,
  readResiduals,
  residualsChart,
} from './regression.ts';

/** A logged document of a schema that has a view of its own. */
export type ReadDocument =
  | { readonly schema: 'confusion_matrix'; readonly data: ConfusionMatrix }
  | { readonly schema: 'accuracy_table'; readonly data: AccuracyTable }
  | { readonly schema: 'residuals'; readonly data: Residuals }
  | { readonly schema: 'predictions'; readonly data: Predictions };

const schemas: readonly string[] = ['confusion_matrix', 'accuracy_table', 'residuals', 'predictions'];

export function isDrawn(schema: string): boolean {
  return schemas.includes(schema);
}

/** Throws with a sentence where the document is not of its schema. */
export function readDocument(schema: string, document: unknown): ReadDocument {
  switch (schema) {
    case 'confusion_matrix':
      return { schema, data: readConfusionMatrix(document) };
    case 'accuracy_table':
      return { schema, data: readAccuracyTable(document) };
    case 'residuals':
      return { schema, data: readResiduals(document) };
    case 'predictions':
      return { schema, data: readPredictions(document) };
    default:
      throw new Error('The file is of a kind that is not drawn here. Open it to see what was logged.');
  }
}

export function documentCards(name: string, read: ReadDocument, theme: ThemeWatcher): TemplateResult {
  switch (read.schema) {
    case 'confusion_matrix':
      return html`<runledger-confusion-matrix .name=${name} .data=${read.data} .theme=${theme}></runledger-confusion-matrix>`;
    case 'accuracy_table': {
      const roc = rocCurves(read.data);
      const precision = precisionRecallCurves(read.data);
      return html`${classCard(`${name}: ROC`, roc, theme, { x: 'false positive rate', y: 'true positive rate' }, diagonal)}
      ${classCard(`${name}: precision and recall`, precision, theme, { x: 'recall', y: 'precision' }, [])}`;
    }
    case 'residuals':
      return card(name, 'residuals', residualsChart(name, read.data), theme);
    case 'predictions':
      return html`${card(name, 'predicted against true', predictionsChart(name, read.data), theme)}
      ${card(name, 'true values', countsChart(name, read.data), theme)}`;
    default:
      return read satisfies never;
  }
}

const unit = { min: 0, max: 1 };
const diagonal: BasicChartModel['series'] = [
  {
    label: 'by chance',
    look: 'line',
    colour: 'faint',
    dash: 'dashed',
    points: [
      { x: 0, y: 0 },
      { x: 1, y: 1 },
    ],
  },
];

function classCard(
  name: string,
  curves: readonly ClassCurve[],
  theme: ThemeWatcher,
  titles: { readonly x: string; readonly y: string },
  guides: BasicChartModel['series'],
): TemplateResult {
  const areas = curves.flatMap(({ area }) => (area === undefined ? [] : [area]));
  const mean = areas.length === 0 ? undefined : areas.reduce((sum, area) => sum + area, 0) / areas.length;
  const note = mean === undefined ? 'no class occurs' : `mean area ${formatMetric(mean)}`;
  const chart: BasicChartModel = {
    label: `${name}, ${curves.length} classes, each against the rest; ${note}`,
    xTitle: titles.x,
    yTitle: titles.y,
    x: unit,
    y: unit,
    series: [
      ...curves.map(({ label, points }, index) => ({
        label,
        points,
        look: 'line' as const,
        colour: index,
        dash: curveLook(index, theme.current.series).dash,
      })),
      ...guides,
    ],
  };
  const legend = curves.map(({ label, area }) => ({ label, value: area }));
  return html`<runledger-document-card .name=${name} .note=${note} .chart=${chart} .legend=${legend} .theme=${theme}></runledger-document-card>`;
}

function card(name: string, note: string, chart: BasicChartModel, theme: ThemeWatcher): TemplateResult {
  return html`<runledger-document-card .name=${name} .note=${note} .chart=${chart} .theme=${theme}></runledger-document-card>`;
}
