/** The rows of files that are not the same in the code of runs that are compared. */
import { html } from 'lit';
import type { CodeChangeModel, ComparedRunModel } from '../../src/protocol/comparePage.ts';
import type { Answer } from './answers.ts';

export interface CodeColumn {
  readonly run: ComparedRunModel;
  /** Against the baseline; undefined for the baseline itself, and where one of both has no code. */
  readonly changes: Answer<readonly CodeChangeModel[]> | undefined;
}

/** Files of all columns that differ somewhere, by path. */
export function changedPaths(columns: readonly CodeColumn[]): readonly string[] {
  return [...new Set(columns.flatMap(({ changes }) => changesOf(changes).map(({ path }) => path)))].sort();
}

/** @param open shows what is different in a file of a run */
export function codeRows(
  columns: readonly CodeColumn[],
  base: number,
  open: (run: ComparedRunModel, path: string) => void,
): readonly unknown[] {
  const paths = changedPaths(columns);
  const notes = columns.map(({ run, changes }, index) => noteOf(run, changes, index === base));
  const head = html`<tr>
    <th scope="row">files</th>
    ${notes.map((note) => html`<td class="secondary">${note}</td>`)}
  </tr>`;
  return [
    head,
    ...paths.map(
      (path) => html`<tr>
        <th scope="row" class="clip" title=${path}>${path}</th>
        ${columns.map(({ run, changes }, index) => {
          const change = changesOf(changes).find((known) => known.path === path);
          if (change === undefined) {
            return html`<td class="secondary">${index === base || changes?.kind !== 'there' ? '' : 'as in the baseline'}</td>`;
          }
          return html`<td class="changed">
            <button class="link" @click=${() => open(run, path)}>${change.kind}</button>
          </td>`;
        })}
      </tr>`,
    ),
  ];
}

function noteOf(run: ComparedRunModel, changes: CodeColumn['changes'], isBase: boolean): string {
  if (!run.hasSnapshot) {
    return 'no code was kept';
  }
  if (isBase) {
    return 'the baseline';
  }
  switch (changes?.kind) {
    case undefined:
      return 'the baseline has no code';
    case 'loading':
      return 'reading…';
    case 'failed':
      return changes.message;
    case 'there': {
      const count = changes.value.length;
      return count === 0 ? 'the same code' : count === 1 ? '1 file differs' : `${count} files differ`;
    }
  }
}

function changesOf(changes: CodeColumn['changes']): readonly CodeChangeModel[] {
  return changes?.kind === 'there' ? changes.value : [];
}
