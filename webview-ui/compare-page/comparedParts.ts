import { html } from 'lit';
import type {
  CodeChangeModel,
  ComparedTableModel,
  ComparedTableRows,
  CompareModel,
  ComparePageRequests,
} from '../../src/protocol/comparePage.ts';
import type { RequestClient } from '../shared/requests.ts';
import { Answers } from './answers.ts';
import './comparedTable.ts';
import type { CodeColumn } from './compareFiles.ts';

/** What is asked for run by run, once it is shown: tables, and which files of the code differ from the baseline. */
export class ComparedParts {
  readonly #requests: RequestClient<ComparePageRequests>;
  readonly #tables: Answers<ComparedTableRows>;
  readonly #changes: Answers<readonly CodeChangeModel[]>;

  constructor(requests: RequestClient<ComparePageRequests>, onAnswer: () => void) {
    this.#requests = requests;
    this.#tables = new Answers(onAnswer);
    this.#changes = new Answers(onAnswer);
  }

  tableRow({ name, rowCounts }: ComparedTableModel, { runs }: CompareModel, base: number): unknown {
    const answers = runs.map(({ id: runId }, index) => {
      const count = rowCounts[index] ?? null;
      // A table that grows is asked for again.
      return count === null
        ? undefined
        : this.#tables.get(`${runId}\n${name}`, count, () => this.#requests.request('table', { runId, metric: name }));
    });
    const held = answers[base];
    return html`<tr>
      <th scope="row" class="clip" title=${name}>${name}</th>
      ${answers.map((answer, index) =>
        answer?.kind === 'there'
          ? html`<td class="table">
              <runledger-compared-table
                .label="${name} of ${runs[index]?.label ?? ''}"
                .table=${answer.value}
                .base=${index !== base && held?.kind === 'there' ? held.value : undefined}
              ></runledger-compared-table>
            </td>`
          : html`<td class="secondary">${answer === undefined ? 'none' : answer.kind === 'loading' ? 'reading…' : answer.message}</td>`,
      )}
    </tr>`;
  }

  /** None where there is nothing to compare. */
  codeColumns({ runs }: CompareModel, base: number): readonly CodeColumn[] {
    const baseline = runs[base];
    if (baseline === undefined || runs.length < 2 || !runs.some(({ hasSnapshot }) => hasSnapshot)) {
      return [];
    }
    const { id: left } = baseline;
    return runs.map((run) => {
      const isComparable = run !== baseline && run.hasSnapshot && baseline.hasSnapshot;
      const ask = () => this.#requests.request('codeChanges', { left, right: run.id });
      return { run, changes: isComparable ? this.#changes.get(`${left}\n${run.id}`, 0, ask) : undefined };
    });
  }
}
