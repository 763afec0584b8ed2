import { html, nothing } from 'lit';
import type { ModelVersionModel } from '../../src/protocol/modelPage.ts';
import { countOf, formatSize } from '../shared/formatSizes.ts';
import { icon } from '../shared/icons.ts';
import { inlineStyle } from '../shared/inlineStyle.ts';
import { statusLook } from '../shared/statusLook.ts';
import type { ModelSession } from './modelSession.ts';

/** Where a version came from: the code, the run that ran it, what was registered. */
export function lineage(version: ModelVersionModel, hasRuns: boolean, session: ModelSession): unknown {
  const { run, runId, path, bytes, files } = version;
  return html`<ol class="lineage" aria-label="Lineage">
    ${run === undefined ? nothing : code(run, session)}
    ${
      run === undefined
        ? source(runId, path, hasRuns)
        : html`<li>
            <span class="step">
              <button class="link with-icon" @click=${() => session.act({ action: 'openRun', runId: run.id })}>
                <span class="status" ${inlineStyle({ '--status': statusLook(run.status).colour })}>${icon(statusLook(run.status).icon, 'small')}</span>
                <span class="clip" title=${run.label}>${run.label}</span>
              </button>
              <span class="secondary clip">${run.experiment}, run ${run.number}</span>
            </span>
            <span class="arrow" aria-hidden="true"><span>registered</span></span>
          </li>`
    }
    <li>
      <span class="step here">
        <span class="with-icon">${icon('package', 'small')}<span class="clip">version ${version.version}</span></span>
        <span class="secondary clip">${countOf(files.length, 'file')}, ${formatSize(bytes)}</span>
      </span>
    </li>
  </ol>`;
}

function code(run: NonNullable<ModelVersionModel['run']>, session: ModelSession): unknown {
  const { commit, branch, snapshotFiles } = run;
  if (commit === undefined && snapshotFiles === undefined) {
    return nothing;
  }
  const name = [branch, commit?.slice(0, 7)].filter((part) => part !== undefined).join(' ') || 'code';
  return html`<li>
    <span class="step">
      ${
        snapshotFiles === undefined
          ? html`<span class="with-icon">${icon('git-branch', 'small')}<span class="clip" title=${name}>${name}</span></span>`
          : html`<button
              class="link with-icon"
              title="Open a file of the code that ran"
              @click=${() => session.act({ action: 'openSnapshot', runId: run.id })}
            >
              ${icon('git-branch', 'small')}<span class="clip">${name}</span>
            </button>`
      }
      <span class="secondary clip">
        ${snapshotFiles === undefined ? 'no snapshot' : `snapshot, ${countOf(snapshotFiles, 'file')}`}
      </span>
    </span>
    <span class="arrow" aria-hidden="true"><span>ran as</span></span>
  </li>`;
}

function source(runId: string | undefined, path: string | undefined, hasRuns: boolean): unknown {
  const title = runId ?? 'a file of this machine';
  const text = runId === undefined ? (path ?? 'not known') : hasRuns ? 'deleted' : 'reading the run…';
  return html`<li>
    <span class="step">
      <span class="with-icon">${icon(runId === undefined ? 'file' : 'beaker', 'small')}<span class="clip" title=${title}>${title}</span></span>
      <span class="secondary clip" title=${text}>${text}</span>
    </span>
    <span class="arrow" aria-hidden="true"><span>registered</span></span>
  </li>`;
}
