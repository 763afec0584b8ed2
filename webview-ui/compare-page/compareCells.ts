/** The cells of the table that holds runs side by side. */
import { html, nothing } from 'lit';
import type { ComparedRunModel, CompareModel } from '../../src/protocol/comparePage.ts';
import type { WireScalar } from '../../src/protocol/wire.ts';
import { formatMetric, scalarToNumber, scalarToText } from '../shared/formatNumbers.ts';
import { formatDuration } from '../shared/formatTimes.ts';
import { icon } from '../shared/icons.ts';
import { inlineStyle } from '../shared/inlineStyle.ts';
import { isTerminal, statusLook } from '../shared/statusLook.ts';
import { changeOf, type MetricRow } from './compareRows.ts';

export interface RunHeadOptions {
  readonly isBaseline: boolean;
  /** There is nothing to compare it with. */
  readonly isAlone: boolean;
  readonly colour: string;
  readonly open: () => void;
  readonly remove: () => void;
  readonly makeBaseline: () => void;
  /** The pointer came or went: the curves of the others step back meanwhile. */
  readonly focus: (isFocused: boolean) => void;
}

/** The head of a run's column. */
export function runHead(run: ComparedRunModel, options: RunHeadOptions): unknown {
  const { isBaseline, isAlone, colour, open, remove, makeBaseline, focus } = options;
  const look = statusLook(run.status);
  return html`<th scope="col" @pointerenter=${() => focus(true)} @pointerleave=${() => focus(false)}>
    <div class="run-head">
      <span class="swatch" ${inlineStyle({ '--swatch': colour })}></span>
      <span class="status" title=${look.label} ${inlineStyle({ '--status': look.colour })}>
        ${icon(look.icon, look.spins ? 'small spin' : 'small')}
      </span>
      <button class="link clip" title=${`${run.label}\n${run.id}`} @click=${open}>${run.label}</button>
      ${isBaseline ? html`<span class="badge">baseline</span>` : nothing}
      ${
        isAlone
          ? nothing
          : html`<button
              class="icon-button"
              title="Take out of the comparison"
              aria-label="Take ${run.label} out of the comparison"
              @click=${remove}
            >${icon('close', 'small')}</button>`
      }
    </div>
    <div class="secondary clip">
      ${run.experiment} run ${run.number}
      ${isBaseline ? nothing : html` · <button class="link" @click=${makeBaseline}>Make baseline</button>`}
    </div>
  </th>`;
}

/** @param now Unix seconds, where a run that goes on ends for now */
export function durationCell({ started, ended, status }: ComparedRunModel, now: number): unknown {
  const end = ended ?? (isTerminal(status) ? undefined : now);
  if (started === undefined || end === undefined) {
    return html`<td>not started</td>`;
  }
  const soFar = ended === undefined ? html`<span class="secondary"> so far</span>` : nothing;
  return html`<td>${formatDuration(end - started)}${soFar}</td>`;
}

export function valueCell(value: WireScalar, isChanged: boolean): unknown {
  const text = value === null ? 'not set' : value === true ? 'yes' : scalarToText(value);
  return html`<td class=${isChanged ? 'changed' : ''} title=${text}>
    <span class="text ${value === null ? 'secondary' : ''}">${text}</span>${isChanged ? html`<span class="visually-hidden"> differs from the baseline</span>` : nothing}
  </td>`;
}

export function metricLine({ name, part, values, best }: MetricRow, base: number): unknown {
  return html`<tr>
    <th scope="row" class="clip" title=${name}>${name}${part === 'last' ? nothing : html` <span class="count">${part}</span>`}</th>
    ${values.map((value, index) => {
      const number = value === null || typeof value === 'boolean' ? undefined : scalarToNumber(value);
      const text = value === null ? 'none' : number === undefined ? scalarToText(value) : formatMetric(number);
      const change = index === base ? undefined : changeOf(name, value, values[base] ?? null);
      const judgement = change?.isBetter === undefined ? '' : change.isBetter ? 'better' : 'worse';
      return html`<td
        class="${best.has(index) ? 'best' : ''} ${value === null ? 'secondary' : ''}"
        title=${value === null ? 'none' : scalarToText(value)}
      >
        ${best.has(index) ? html`<span class="diamond" role="img" aria-label="best">◇</span> ` : nothing}${text}${
          change === undefined
            ? nothing
            : html`<span class="difference ${judgement}">
                ${change.difference > 0 ? '+' : ''}${formatMetric(change.difference)}<span class="visually-hidden"> ${judgement}</span>
              </span>`
        }
      </td>`;
    })}
  </tr>`;
}

type ComparedImage = CompareModel['images'][number]['images'][number][number];

/** @param title names the image and the run that it is of */
export function imageCell(image: ComparedImage | undefined, title: string): unknown {
  return html`<td>
    ${
      image === undefined
        ? html`<span class="secondary">none</span>`
        : html`<img src=${image.uri} alt="${title} at step ${image.step}" loading="lazy" />`
    }
  </td>`;
}
