/** How the page is laid out, and what of that has a name as a saved view. */
import type { FieldModel, LayoutModel, ViewModel } from '../../src/protocol/experimentPage.ts';

export const emptyLayout: LayoutModel = {
  filter: '',
  sort: [],
  groupBy: [],
  withChildren: false,
  pinned: [],
  showsCharts: true,
  aggregate: 'max',
};

/** What others can look at, too: without what is about single runs. @param columns those that are shown */
export function viewOf(layout: LayoutModel, columns: readonly FieldModel[]): ViewModel {
  const { pinned: _pinned, hidden: _hidden, drawn: _drawn, showsCharts: _showsCharts, ...view } = layout;
  return { ...view, columns };
}

/** The layout without whatever the page chooses where a view says nothing. */
export function withoutChoices(layout: LayoutModel): LayoutModel {
  const { columns: _columns, widths: _widths, charts: _charts, curves: _curves, ...rest } = layout;
  return rest;
}
