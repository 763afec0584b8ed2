import type {
  ColumnsModel,
  ExperimentModel,
  FieldModel,
  FilterProblemModel,
  GroupModel,
  LayoutModel,
  RunsModel,
  ViewModel,
} from '../../src/protocol/experimentPage.ts';
import { type ExperimentChange, ExperimentClient } from './experimentClient.ts';
import { curveMetrics, defaultColumns, fieldKey } from './fields.ts';
import { KeptRuns } from './keptRuns.ts';
import { emptyLayout, withoutChoices } from './layouts.ts';
import { RowCache } from './rowCache.ts';
import { listingChange, sortedGroups, type TableItem, tableItems } from './tableItems.ts';

const noColumns: ColumnsModel = { metrics: [], parameters: [], tags: [], properties: [] };

/** How often what goes on makes the page read more than rows. */
const CHANGE_MS = 1000;

/** More curves than that are not told apart. */
const MOST_DRAWN = 100;

/** Curves that are drawn before the reader chooses. */
const DRAWN_AT_FIRST = 5;

/** What the page knows and shows of its experiment. Whoever shows it is told by `onChange`. */
export class ExperimentStore {
  readonly client: ExperimentClient;
  readonly rows: RowCache;
  readonly #onChange: () => void;
  model: ExperimentModel | undefined;
  gone: string | undefined;
  /** A sentence about something that could not be read. */
  failure: string | undefined;
  layout: LayoutModel = emptyLayout;
  known: ColumnsModel = noColumns;
  listing: RunsModel | undefined;
  /** Why the filter as it was typed is not the one whose runs are shown. */
  problem: FilterProblemModel | undefined;
  /** Read since, and not shown before the reader wants it: nothing jumps. */
  pending: RunsModel | undefined;
  groups: readonly GroupModel[] | undefined;
  /** Of all runs that match, in the order of {@link columns}. */
  totals: GroupModel | undefined;
  items: readonly TableItem[] = [];
  /** Runs that match, without those that are hidden. */
  runs: readonly number[] = [];
  /** Of those that match. */
  hidden: ReadonlySet<number> = new Set();
  /** Whether the table has the hidden ones too, so that they can be shown again. */
  showsHidden = false;
  selected: ReadonlySet<number> = new Set();
  expanded: ReadonlySet<string> = new Set();
  /** Counts what may have changed the values of charts. */
  dataVersion = 0;
  /** Whether the first line of the table is in sight, so that new runs may come above it. */
  isAtTop = true;
  readonly #kept: KeptRuns;
  #request = 0;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #mayListDiffer = false;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
    this.client = new ExperimentClient({
      model: (model) => void this.#begin(model),
      changed: (change) => this.#take(change),
      views: (views) => {
        if (this.model !== undefined) {
          this.model = { ...this.model, views };
          this.#onChange();
        }
      },
      gone: (message) => {
        this.gone = message;
        this.#onChange();
      },
    });
    this.rows = new RowCache(
      (runs, columns) => this.client.request('rows', { runs, columns }),
      (missing) => {
        // Runs that are gone meanwhile leave the table at once: there is nothing to show of them.
        if (missing.length > 0 && this.listing !== undefined) {
          const gone = new Set(missing);
          this.listing = { ...this.listing, runs: this.listing.runs.filter((run) => !gone.has(run)) };
          this.#sift();
          this.#arrange();
        }
        this.#onChange();
      },
    );
    this.#kept = new KeptRuns(this.client, this.rows);
  }

  /** The columns behind the run's name. */
  get columns(): readonly FieldModel[] {
    return this.layout.columns ?? defaultColumns(this.known);
  }

  /** Metrics of the charts. */
  get charts(): readonly string[] {
    const names = this.layout.charts ?? [];
    const metrics = curveMetrics(this.known).map(({ name }) => name);
    const [first] = metrics;
    const defaults = first === undefined ? [] : [first, ...metrics.slice(0, 2)];
    return defaults.map((name, place) => names[place] ?? name);
  }

  /** Runs whose curves are drawn, with their places in the series colours. */
  get drawn(): readonly { readonly run: number; readonly slot: number }[] {
    const { drawn } = this.layout;
    if (drawn !== undefined) {
      return drawn.flatMap(({ id, slot }) => {
        const run = this.#kept.keyOf(id);
        return run === undefined ? [] : [{ run, slot }];
      });
    }
    const first = new Set([...this.#kept.keysOf(this.layout.pinned), ...this.runs.slice(0, DRAWN_AT_FIRST)]);
    return [...first].slice(0, DRAWN_AT_FIRST).map((run, slot) => ({ run, slot }));
  }

  /** Changes what is shown; what needs other runs, groups or rows asks for them. */
  async change(part: Partial<LayoutModel>): Promise<void> {
    const before = this.layout;
    const columnsBefore = this.columns;
    this.layout = { ...before, ...part };
    this.client.rememberLayout(this.layout);
    if (this.columns.map(fieldKey).join('\n') !== columnsBefore.map(fieldKey).join('\n')) {
      this.rows.setColumns(this.columns);
    }
    this.#onChange();
    if ('filter' in part || 'sort' in part || 'withChildren' in part) {
      await this.refresh(true);
    } else if ('groupBy' in part || 'columns' in part) {
      await this.#readGroups();
    } else if ('pinned' in part || 'hidden' in part) {
      await this.#kept.find(this.layout);
      this.#sift();
      await this.#readGroups();
    }
  }

  /** Leaves the choice of columns to the page again. */
  async resetColumns(): Promise<void> {
    const { columns: _columns, ...rest } = this.layout;
    this.layout = rest;
    this.rows.setColumns(this.columns);
    await this.change({});
    await this.#readGroups();
  }

  async showView(name: string): Promise<void> {
    try {
      const view: ViewModel = await this.client.request('readView', { name });
      this.layout = withoutChoices(this.layout);
      await this.change(view);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Asks which runs match. @param isAdopted whether they are shown at once, else only where nothing moves */
  async refresh(isAdopted: boolean): Promise<void> {
    const request = ++this.#request;
    const { filter, sort, withChildren } = this.layout;
    try {
      const answer = await this.client.request('table', { filter, sort, withChildren });
      if (request !== this.#request) {
        return;
      }
      this.failure = undefined;
      if ('problem' in answer) {
        this.problem = answer.problem;
        this.#onChange();
        if (this.listing === undefined) {
          // A filter that was remembered half written: all runs are there until it is one.
          const all = await this.client.request('table', { filter: '', sort, withChildren });
          if (request === this.#request && !('problem' in all)) {
            await this.#adopt(all);
          }
        }
        return;
      }
      this.problem = undefined;
      const change = listingChange(this.listing?.runs ?? [], answer.runs);
      const isQuiet = change.added === 0 && !change.isReordered;
      const comesOnTop = this.isAtTop && sort.length === 0 && this.layout.groupBy.length === 0;
      if (isAdopted || this.listing === undefined || isQuiet || comesOnTop) {
        await this.#adopt(answer);
      } else {
        this.pending = answer;
        this.listing = { ...this.listing, statuses: answer.statuses, total: answer.total };
        this.#onChange();
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Shows the runs that waited. */
  async showPending(): Promise<void> {
    if (this.pending !== undefined) {
      await this.#adopt(this.pending);
    }
  }

  select(runs: Iterable<number>): void {
    this.selected = new Set(runs);
    this.#onChange();
  }

  toggleGroup(key: string): void {
    const expanded = new Set(this.expanded);
    if (!expanded.delete(key)) {
      expanded.add(key);
    }
    this.expanded = expanded;
    this.#arrange();
    this.#onChange();
  }

  /** Draws a run's curves, or takes them away. A run that is drawn gets the first colour that is free. */
  async toggleDrawn(run: number): Promise<void> {
    const drawn = await this.#kept.withIds(this.drawn);
    const id = this.rows.get(run)?.id;
    if (id === undefined) {
      return;
    }
    const others = drawn.filter((other) => other.id !== id);
    const taken = new Set(drawn.map(({ slot }) => slot));
    let slot = 0;
    while (taken.has(slot)) {
      slot += 1;
    }
    await this.change({ drawn: others.length < drawn.length ? others : [...drawn, { id, slot }] });
  }

  /** Draws the curves of these runs alone. */
  async drawOnly(runs: readonly number[]): Promise<void> {
    const shown = runs.slice(0, MOST_DRAWN).map((run, slot) => ({ run, slot }));
    await this.change({ drawn: await this.#kept.withIds(shown) });
  }

  /** Keeps a run on top of the table, or lets it go. */
  async togglePinned(run: number): Promise<void> {
    const id = this.rows.get(run)?.id;
    if (id !== undefined) {
      const others = this.layout.pinned.filter((pinned) => pinned !== id);
      await this.change({ pinned: others.length < this.layout.pinned.length ? others : [...others, id] });
    }
  }

  /** Leaves runs out of table and charts; those of which all are left out already come back. */
  async toggleHidden(runs: readonly number[]): Promise<void> {
    const ids = new Set((await this.#kept.idsOf(runs)).values());
    const { hidden = [] } = this.layout;
    const others = hidden.filter((id) => !ids.has(id));
    const areHidden = runs.every((run) => this.hidden.has(run));
    this.selected = new Set([...this.selected].filter((run) => !runs.includes(run)));
    await this.change({ hidden: areHidden ? others : [...others, ...ids] });
  }

  /** @param isShown whether the table has the runs that are hidden */
  showHidden(isShown: boolean): void {
    this.showsHidden = isShown;
    this.#arrange();
    this.#onChange();
  }

  /** Does something with the runs that are selected, else with one. */
  act(action: 'cancel' | 'delete', run?: number): void {
    const runs = this.selected.size > 0 ? [...this.selected] : run === undefined ? [] : [run];
    if (runs.length > 0) {
      this.client.act({ action, runs });
    }
  }

  async #begin(model: ExperimentModel): Promise<void> {
    this.model = model;
    this.gone = undefined;
    this.layout = model.layout ?? emptyLayout;
    this.#onChange();
    try {
      // The index is brought up to date by the question which runs there are.
      await this.refresh(true);
      await this.#readColumns();
      await this.#kept.find(this.layout);
      this.#sift();
      await this.#readGroups();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Rows follow at once; what is computed over all runs is computed again when the changes rest, or now and then. */
  #take({ runIds, isListChanged }: ExperimentChange): void {
    this.rows.expire(runIds);
    this.#onChange();
    this.#mayListDiffer ||= isListChanged;
    this.#rest ??= setTimeout(() => {
      this.#rest = undefined;
      void this.#readAgain();
    }, CHANGE_MS);
  }

  async #readAgain(): Promise<void> {
    const { filter, sort, groupBy } = this.layout;
    const mayListDiffer = this.#mayListDiffer || filter !== '' || sort.length > 0 || groupBy.length > 0;
    this.#mayListDiffer = false;
    this.dataVersion += 1;
    try {
      // A metric that is logged for the first time is a column from then on.
      await this.#readColumns();
      await (mayListDiffer ? this.refresh(false) : this.#readGroups());
    } catch (error) {
      this.#fail(error);
    }
  }

  async #adopt(listing: RunsModel): Promise<void> {
    this.listing = listing;
    this.pending = undefined;
    this.#sift();
    const there = new Set(listing.runs);
    this.selected = new Set([...this.selected].filter((run) => there.has(run)));
    await this.#readGroups();
  }

  async #readColumns(): Promise<void> {
    const before = this.columns.map(fieldKey).join('\n');
    this.known = await this.client.request('columns', {});
    if (this.columns.map(fieldKey).join('\n') !== before) {
      this.rows.setColumns(this.columns);
    }
    this.#onChange();
  }

  async #readGroups(): Promise<void> {
    if (this.listing === undefined) {
      return;
    }
    const { runs } = this;
    const { groupBy, sort } = this.layout;
    const fields = this.columns;
    this.#arrange();
    this.#onChange();
    const [[totals], groups] = await Promise.all([
      this.client.request('groups', { runs, groupBy: [], fields }),
      groupBy.length === 0 ? undefined : this.client.request('groups', { runs, groupBy, fields }),
    ]);
    // What was asked for meanwhile has its own answer under way.
    if (runs === this.runs && fields.map(fieldKey).join('\n') === this.columns.map(fieldKey).join('\n')) {
      this.totals = totals;
      this.groups = groups && sortedGroups(groups, fields, sort);
      this.#arrange();
      this.#onChange();
    }
  }

  /** Tells hidden runs from the others. */
  #sift(): void {
    const hidden = new Set(this.#kept.keysOf(this.layout.hidden ?? []));
    const matching = this.listing?.runs ?? [];
    this.hidden = new Set(matching.filter((run) => hidden.has(run)));
    this.runs = this.hidden.size === 0 ? matching : matching.filter((run) => !hidden.has(run));
    this.showsHidden &&= this.hidden.size > 0;
    this.dataVersion += 1;
  }

  #arrange(): void {
    const groups = this.layout.groupBy.length === 0 ? undefined : this.groups;
    const shown = this.showsHidden ? (this.listing?.runs ?? []) : this.runs;
    this.items = tableItems({
      runs: shown,
      pinned: this.#kept.keysOf(this.layout.pinned),
      groups,
      ungrouped: groups === undefined || !this.showsHidden ? [] : [...this.hidden],
      expanded: this.expanded,
    });
  }

  #fail(error: unknown): void {
    this.failure = error instanceof Error ? error.message : String(error);
    this.#onChange();
  }
}
