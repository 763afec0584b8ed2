import type { FieldModel } from '../../src/protocol/experimentPage.ts';
import { scalarToText } from '../shared/formatNumbers.ts';
import type { MenuItem } from '../shared/menuItems.ts';
import type { ExperimentStore } from './experimentStore.ts';
import { canGroupBy, fieldKey, isTimeField } from './fields.ts';
import type { CellMenuRequest, RunsTable } from './runsTable.ts';
import { WIDER } from './tableKeys.ts';
import { movedColumns } from './tableLayout.ts';

/** What can be done with a run, and with the value of one of its cells. */
export function cellMenu(
  store: ExperimentStore,
  { row, field, value }: CellMenuRequest,
  openColumn: () => void,
): readonly MenuItem[] {
  const narrow = (isExcluded: boolean) => async () => {
    if (field !== undefined) {
      // A filter that is half written has nothing to be narrowed.
      const filter = store.problem === undefined ? store.layout.filter : '';
      await store.change({ filter: await store.client.request('narrow', { filter, field, value, isExcluded }) });
    }
  };
  const isPinned = store.layout.pinned.includes(row.id);
  const isDrawn = store.drawn.some(({ run }) => run === row.run);
  const canFilter =
    field !== undefined && !isTimeField(field) && !(field.kind === 'attribute' && field.name === 'duration');
  return [
    ...(canFilter
      ? [
          { label: 'Only this value', icon: 'filter' as const, run: () => void narrow(false)() },
          { label: 'Not this value', run: () => void narrow(true)() },
        ]
      : []),
    {
      label: 'Open',
      icon: 'go-to-file',
      separatorBefore: canFilter,
      run: () => store.client.act({ action: 'openRun', runId: row.id }),
    },
    { label: isPinned ? 'Unpin' : 'Pin on top', icon: 'pin', run: () => void store.togglePinned(row.run) },
    {
      label: isDrawn ? 'Take its curves away' : 'Draw its curves',
      icon: 'graph-line',
      run: () => void store.toggleDrawn(row.run),
    },
    {
      label: store.hidden.has(row.run) ? 'Show again' : 'Hide this run',
      run: () => void store.toggleHidden([row.run]),
    },
    {
      label: field === undefined ? 'Copy run id' : 'Copy value',
      icon: 'copy',
      separatorBefore: true,
      run: () => store.client.act({ action: 'copyText', text: field === undefined ? row.id : scalarToText(value) }),
    },
    { label: 'Column…', run: openColumn },
    {
      label: 'Delete…',
      icon: 'trash',
      separatorBefore: true,
      run: () => store.client.act({ action: 'delete', runs: [row.run] }),
    },
  ];
}

/** What can be done with a column. */
export function columnMenu(table: RunsTable, field: FieldModel): readonly MenuItem[] {
  const { store } = table;
  const { columns } = store;
  const { groupBy } = store.layout;
  const place = columns.findIndex((column) => fieldKey(column) === fieldKey(field));
  const move = (by: number) => () => void store.change({ columns: movedColumns(columns, place, place + by) });
  const widen = (by: number) => () => table.resize(field, table.widthOf(field) + by);
  const sortBy = (isDescending: boolean) => () => void store.change({ sort: [{ field, isDescending }] });
  const others = groupBy.filter((known) => fieldKey(known) !== fieldKey(field));
  const isGrouped = others.length < groupBy.length;
  return [
    { label: 'Sort ascending', icon: 'arrow-up', run: sortBy(false) },
    { label: 'Sort descending', icon: 'arrow-down', run: sortBy(true) },
    ...(canGroupBy(field)
      ? [
          {
            label: isGrouped ? 'Do not group by this' : groupBy.length === 0 ? 'Group by this' : 'Group also by this',
            run: () => void store.change({ groupBy: isGrouped ? others : [...groupBy, field] }),
          },
        ]
      : []),
    ...(place > 0 ? [{ label: 'Move to the left', separatorBefore: true, run: move(-1) }] : []),
    ...(place >= 0 && place < columns.length - 1 ? [{ label: 'Move to the right', run: move(1) }] : []),
    { label: 'Fit to content', separatorBefore: true, run: () => table.fitColumn(field) },
    { label: 'Wider', run: widen(WIDER) },
    { label: 'Narrower', run: widen(-WIDER) },
    { label: 'Reset width', run: () => table.resize(field, undefined) },
    ...(place >= 0
      ? [
          {
            label: 'Hide this column',
            separatorBefore: true,
            run: () => void store.change({ columns: columns.filter((_, index) => index !== place) }),
          },
        ]
      : []),
  ];
}
