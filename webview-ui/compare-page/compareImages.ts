/** The rows of images of runs that are compared, at one step. */
import { html, nothing } from 'lit';
import type { CompareModel } from '../../src/protocol/comparePage.ts';
import { imageCell } from './compareCells.ts';
import { imageAt } from './compareRows.ts';

/** All steps at which a run has an image, in order. */
export function imageSteps({ images }: CompareModel): readonly number[] {
  const steps = images.flatMap(({ images: byRun }) => byRun.flat().map(({ step }) => step));
  return [...new Set(steps)].sort((a, b) => a - b);
}

/** The place of the last step that is not behind the wanted one. */
export function placeOfStep(steps: readonly number[], wanted: number): number {
  return Math.max(
    0,
    steps.findLastIndex((step) => step <= wanted),
  );
}

export function imageRows({ images, runs }: CompareModel, step: number): readonly unknown[] {
  return images.map(
    ({ name, images: byRun }) => html`<tr>
      <th scope="row" class="clip" title=${name}>${name}</th>
      ${byRun.map((of, index) => imageCell(imageAt(of, step), `${name} of ${runs[index]?.label ?? ''}`))}
    </tr>`,
  );
}

/** Chooses a step; nothing where there is no choice. */
export function stepSlider(steps: readonly number[], place: number, choose: (step: number) => void): unknown {
  const last = steps.length - 1;
  const step = steps[place] ?? 0;
  return last < 1
    ? nothing
    : html`<label class="secondary">
        Step
        <input
          type="range"
          min="0"
          max=${last}
          .value=${String(place)}
          aria-valuetext=${String(step)}
          @input=${(event: Event) => {
            if (event.target instanceof HTMLInputElement) {
              choose(steps[Number(event.target.value)] ?? 0);
            }
          }}
        />
        ${step}
      </label>`;
}
