import { html, type TemplateResult } from 'lit';

/** A row of choices of which one holds. */
export function segmented<T extends string>(
  label: string,
  choices: readonly (readonly [value: T, label: string])[],
  value: T,
  choose: (value: T) => void,
): TemplateResult {
  const onKey = (event: KeyboardEvent): void => {
    const step =
      event.key === 'ArrowRight' || event.key === 'ArrowDown'
        ? 1
        : event.key === 'ArrowLeft' || event.key === 'ArrowUp'
          ? -1
          : 0;
    if (step === 0) {
      return;
    }
    event.preventDefault();
    const index = choices.findIndex(([choice]) => choice === value);
    const next = (index + step + choices.length) % choices.length;
    const group = event.currentTarget;
    choose(choices[next]?.[0] ?? value);
    if (group instanceof HTMLElement) {
      group.querySelectorAll<HTMLElement>('button')[next]?.focus();
    }
  };
  return html`<div class="segmented" role="radiogroup" aria-label=${label} @keydown=${onKey}>
    ${choices.map(
      ([choice, text]) => html`<button
        role="radio"
        aria-checked=${choice === value}
        tabindex=${choice === value ? 0 : -1}
        @click=${() => choose(choice)}
      >${text}</button>`,
    )}
  </div>`;
}
