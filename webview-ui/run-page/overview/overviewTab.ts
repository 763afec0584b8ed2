import { html, LitElement, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { directionOf } from '../../../src/protocol/metricDirection.ts';
import type { MetricModel, RunPageModel, RunPageTab } from '../../../src/protocol/runPage.ts';
import type { WireScalar } from '../../../src/protocol/wire.ts';
import { baseStyles } from '../../shared/baseStyles.ts';
import { extremes, isWhole, splitName } from '../../shared/best.ts';
import {
  formatCount,
  formatSeriesValue,
  formatTile,
  scalarToNumber,
  scalarToText,
} from '../../shared/formatNumbers.ts';
import { countOf } from '../../shared/formatSizes.ts';
import { icon } from '../../shared/icons.ts';
import { isTerminal } from '../../shared/statusLook.ts';
import { mainLog } from '../files/logFiles.ts';
import { gitOf } from '../git.ts';
import type { RunSession } from '../runSession.ts';
import './attributes.ts';
import '../../shared/markdownSection.ts';
import './failure.ts';
import { sectionStyles } from '../../shared/sectionStyles.ts';
import { overviewStyles } from './overviewStyles.ts';
import { quoteArguments } from './quoteArguments.ts';
import './sparkline.ts';
import '../../shared/tagsSection.ts';
import './tracebackView.ts';

const MOST_METRICS = 8;
const MOST_PROPERTIES = 8;

/** What ran, how it went, and with what. Asks for another tab with a `show-tab` event. */
export class OverviewTab extends LitElement {
  static override properties = {
    model: { attribute: false },
    session: { attribute: false },
    showsAllProperties: { state: true },
  };
  declare model: RunPageModel;
  declare session: RunSession;
  declare showsAllProperties: boolean;

  static override styles = [baseStyles, sectionStyles, overviewStyles];

  constructor() {
    super();
    this.showsAllProperties = false;
  }

  protected override render(): unknown {
    const { annotations, state, identity, files } = this.model;
    const log = mainLog(files);
    return html`
      ${
        state.failure === undefined
          ? nothing
          : html`<runledger-run-failure
              .model=${this.model}
              .session=${this.session}
              .hasLog=${log !== undefined}
              @show-log=${() => this.#show('files', log)}
            ></runledger-run-failure>`
      }
      ${annotations.warnings.map((warning) => warningRow(warning))}
      ${
        annotations.problemCount === 0
          ? nothing
          : warningRow(
              `${countOf(annotations.problemCount, 'record')} of this run could not be read and ${annotations.problemCount === 1 ? 'is' : 'are'} left out.`,
            )
      }
      <div class="columns">
        <div>
          ${
            state.failure?.traceback === undefined
              ? nothing
              : html`<runledger-traceback
                  .text=${state.failure.traceback}
                  .sourceDirectory=${identity.sourceDirectory}
                  .session=${this.session}
                ></runledger-traceback>`
          }
          <runledger-markdown-section
            .text=${annotations.description}
            .session=${this.session}
            placeholder="What this run tries"
          ></runledger-markdown-section>
          <runledger-markdown-section
            heading="Notes"
            field="notes"
            .text=${annotations.notes}
            .session=${this.session}
            placeholder="What came of it, and what to try next"
          ></runledger-markdown-section>
          ${this.#metrics()} ${this.#parameters()} ${this.#code()} ${this.#properties()}
        </div>
        <div>
          ${section(
            'Attributes',
            undefined,
            html`<runledger-run-attributes .model=${this.model} .session=${this.session}></runledger-run-attributes>`,
          )}
          ${identity.arguments.length === 0 ? nothing : this.#arguments(identity.arguments)}
          <runledger-run-tags .tags=${annotations.tags} .session=${this.session}></runledger-run-tags>
          ${this.#environmentVariables()}
        </div>
      </div>
    `;
  }

  #metrics(): unknown {
    const series = this.model.metrics.filter(
      (metric) => (metric.kind === 'metric' || metric.kind === 'list') && !metric.isSystem,
    );
    if (series.length === 0) {
      return section(
        'Metrics',
        undefined,
        html`<p class="hint">
          ${isTerminal(this.model.state.status) ? 'None were logged.' : 'None yet.'} Call <span class="mono">run.log("loss", value)</span> in the script to see them here.
        </p>`,
      );
    }
    return section(
      'Metrics',
      series.length,
      html`<div>
        ${repeat(
          series.slice(0, MOST_METRICS),
          (metric) => metric.name,
          (metric) => this.#metric(metric),
        )}
      </div>`,
      html`<button class="link end" @click=${() => this.#show('metrics')}>Show all</button>`,
    );
  }

  #metric(metric: MetricModel): unknown {
    const { prefix, rest } = splitName(metric.name);
    const number = typeof metric.last === 'boolean' ? undefined : scalarToNumber(metric.last);
    const best = metric.count > 1 && directionOf(metric.name) !== undefined ? extremes(metric)[0] : undefined;
    return html`<div class="metric">
      <span class="clip" title=${metric.name}><span class="secondary">${prefix}</span>${rest}</span>
      ${
        metric.isNumeric && metric.count > 1
          ? html`<runledger-sparkline .session=${this.session} .metric=${metric.name}></runledger-sparkline>`
          : html`<span></span>`
      }
      <span class="value clip" title=${scalarToText(metric.last)}>
        ${number === undefined ? scalarToText(metric.last) : metric.count === 1 ? tileText(number) : formatSeriesValue(number, isWhole(metric))}
      </span>
      <span class="extreme clip">${best === undefined ? nothing : `${best.label} ${best.value} at ${best.at}`}</span>
    </div>`;
  }

  #parameters(): unknown {
    const { parameters } = this.model.annotations;
    if (parameters.length === 0) {
      return nothing;
    }
    const text = parameters.map(([name, value]) => `${name}: ${scalarToText(value)}`).join('\n');
    return section(
      'Parameters',
      parameters.length,
      html`<div class="pairs">${parameters.map(([name, value]) => parameterRow(name, value))}</div>`,
      this.#copyButton('Copy the parameters', text),
    );
  }

  #code(): unknown {
    const git = gitOf(this.model.annotations.properties);
    if (git.commit === undefined && git.branch === undefined) {
      return nothing;
    }
    const { commit } = git;
    return section(
      'Code',
      undefined,
      html`<dl>
        ${git.repository === undefined ? nothing : html`<dt>Repository</dt><dd class="mono clip" title=${git.repository}>${git.repository}</dd>`}
        ${git.branch === undefined ? nothing : html`<dt>Branch</dt><dd class="with-icon">${icon('git-branch', 'small')}${git.branch}</dd>`}
        ${
          commit === undefined
            ? nothing
            : html`<dt>Commit</dt>
                <dd class="with-icon">
                  <span class="mono" title=${commit}>${commit.slice(0, 7)}</span>
                  <button
                    class="icon-button"
                    title="Copy the commit"
                    aria-label="Copy the commit"
                    @click=${() => this.session.act({ action: 'copyText', text: commit })}
                  >
                    ${icon('copy', 'small')}
                  </button>
                </dd>`
        }
        ${
          git.isDirty === undefined
            ? nothing
            : html`<dt>Changes</dt><dd>${
                !git.isDirty
                  ? 'none'
                  : this.model.identity.hasUncommittedDiff
                    ? html`<button class="link" @click=${() => this.session.act({ action: 'openUncommittedDiff' })}>with changes that were not committed</button>`
                    : 'with changes that were not committed'
              }</dd>`
        }
      </dl>`,
      this.model.annotations.snapshot === undefined
        ? nothing
        : html`<button class="button short end" @click=${() => this.session.act({ action: 'compareWithWorkingCopy' })}>
            ${icon('diff')}Compare with working copy
          </button>`,
    );
  }

  #properties(): unknown {
    const { properties } = this.model.annotations;
    if (properties.length === 0) {
      return nothing;
    }
    const shown = this.showsAllProperties ? properties : properties.slice(0, MOST_PROPERTIES);
    return section(
      'Properties',
      properties.length,
      pairList(shown),
      properties.length <= MOST_PROPERTIES
        ? nothing
        : html`<button
            class="link end"
            aria-expanded=${this.showsAllProperties}
            @click=${() => {
              this.showsAllProperties = !this.showsAllProperties;
            }}
          >${this.showsAllProperties ? 'Show fewer' : 'Show all'}</button>`,
    );
  }

  #arguments(values: readonly string[]): unknown {
    const text = quoteArguments(values);
    return section(
      'Arguments',
      undefined,
      html`<pre>${values.map((value) => html`<span class="argument">${quoteArguments([value])}</span> `)}</pre>`,
      this.#copyButton('Copy the arguments', text),
    );
  }

  #environmentVariables(): unknown {
    const { environmentVariables } = this.model.identity;
    return environmentVariables.length === 0
      ? nothing
      : section('Environment variables', environmentVariables.length, pairList(environmentVariables));
  }

  #copyButton(label: string, text: string): unknown {
    return html`<button
      class="icon-button end"
      title=${label}
      aria-label=${label}
      @click=${() => this.session.act({ action: 'copyText', text })}
    >
      ${icon('copy', 'small')}
    </button>`;
  }

  #show(tab: RunPageTab, path?: string): void {
    this.dispatchEvent(new CustomEvent('show-tab', { detail: { tab, path } }));
  }
}

function section(title: string, count: number | undefined, body: unknown, end: unknown = nothing): unknown {
  return html`<section aria-label=${title}>
    <div class="heading">
      <h2>${title}</h2>
      ${count === undefined ? nothing : html`<span class="count">${formatCount(count)}</span>`} ${end}
    </div>
    ${body}
  </section>`;
}

function tileText(value: number): string {
  const { text, unit } = formatTile(value);
  return unit === '' ? text : `${text} ${unit}`;
}

function warningRow(text: string): unknown {
  return html`<div class="warning">${icon('warning', 'small')}<span>${text}</span></div>`;
}

function pairList(pairs: readonly (readonly [name: string, value: string])[]): unknown {
  return html`<dl>
    ${pairs.map(
      ([name, value]) =>
        html`<dt class="mono clip" title=${name}>${name}</dt><dd class="clip" title=${value}>${value}</dd>`,
    )}
  </dl>`;
}

function parameterRow(name: string, value: WireScalar): unknown {
  const text = scalarToText(value);
  return html`<div>
    <span class="mono secondary clip" title=${name}>${name}</span>
    <span class="clip ${value === null ? 'secondary' : ''}" title=${text}>${text}</span>
  </div>`;
}

customElements.define('runledger-overview-tab', OverviewTab);
