import type { FieldModel } from '../../src/protocol/experimentPage.ts';
import { scalarToText } from '../shared/formatNumbers.ts';
import type { MenuItem } from '../shared/menuItems.ts';
import type { ExperimentStore } from './experimentStore.ts';
import { fieldKey, isTimeField } from './fields.ts';
import type { CellMenuRequest } from './runsTable.ts';

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
export function columnMenu(store: ExperimentStore, field: FieldModel): readonly MenuItem[] {
  const { columns } = store;
  const place = columns.findIndex((column) => fieldKey(column) === fieldKey(field));
  const move = (by: number) => () => {
    const others = columns.filter((_, index) => index !== place);
    void store.change({ columns: others.toSpliced(place + by, 0, field) });
  };
  const sortBy = (isDescending: boolean) => () => void store.change({ sort: [{ field, isDescending }] });
  const canGroup = field.kind !== 'metric' && field.kind !== 'attribute';
  return [
    { label: 'Sort ascending', icon: 'arrow-up', run: sortBy(false) },
    { label: 'Sort descending', icon: 'arrow-down', run: sortBy(true) },
    ...(canGroup ? [{ label: 'Group by this', run: () => void store.change({ groupBy: [field] }) }] : []),
    ...(place > 0 ? [{ label: 'Move to the left', separatorBefore: true, run: move(-1) }] : []),
    ...(place >= 0 && place < columns.length - 1 ? [{ label: 'Move to the right', run: move(1) }] : []),
    ...(place >= 0
      ? [
          {
            label: 'Hide',
            separatorBefore: true,
            run: () => void store.change({ columns: columns.filter((_, index) => index !== place) }),
          },
        ]
      : []),
  ];
}
