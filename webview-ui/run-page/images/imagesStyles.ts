import { css } from 'lit';

export const imagesStyles = css`
  :host {
    display: block;
    padding: 12px var(--rl-pad) 20px;
  }
  .toolbar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 12px;
    min-height: calc(26 * var(--rl-unit));
    margin-bottom: 12px;
    font-size: calc(12 * var(--rl-unit));
  }
  .toolbar .end {
    display: flex;
    align-items: center;
    gap: 12px;
    margin-inline-start: auto;
  }
  .grid {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 232px), 1fr));
    gap: 12px;
  }
  .card {
    min-width: 0;
    border: 1px solid var(--rl-line);
    border-radius: var(--rl-radius);
    overflow: hidden;
  }
  .card:hover {
    border-color: var(--rl-line-hover);
  }
  .card.chosen {
    border-color: var(--vscode-focusBorder);
  }
  .frame {
    display: flex;
    align-items: center;
    justify-content: center;
    width: 100%;
    height: 160px;
    padding: 8px;
    background: var(--rl-fill);
    border: 0;
    cursor: zoom-in;
  }
  .frame img {
    max-width: 100%;
    max-height: 100%;
    object-fit: contain;
  }
  .caption,
  .slider {
    display: flex;
    gap: 8px;
    align-items: center;
    height: calc(28 * var(--rl-unit));
    padding: 0 10px;
    font-size: calc(12 * var(--rl-unit));
  }
  .slider {
    height: calc(24 * var(--rl-unit));
    padding-bottom: 6px;
  }
  .count {
    flex: none;
  }
  input[type='checkbox'] {
    flex: none;
    margin: 0;
    margin-inline-start: auto;
    accent-color: var(--vscode-focusBorder);
  }
  input[type='range'] {
    flex: 1;
    min-width: 0;
    margin: 0;
    accent-color: var(--rl-series-1);
  }
`;
