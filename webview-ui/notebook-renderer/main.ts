/** The renderer of runs in notebooks: the module that VS Code loads into the frame of a notebook's outputs. */

import { runSummaryOf } from './runSummary.ts';
import { type OpenRun, RunWidget } from './runWidget.ts';

/** The part of VS Code's API for renderers that is used. */
interface RendererContext {
  /** Absent where the extension cannot be reached. */
  readonly postMessage?: (message: unknown) => void;
}

interface OutputItem {
  json(): unknown;
}

export function activate({ postMessage }: RendererContext): object {
  const openRun: OpenRun | undefined = postMessage && ((run) => postMessage({ kind: 'openRun', ...run }));
  return {
    renderOutputItem(item: OutputItem, element: HTMLElement): void {
      const summary = runSummaryOf(item.json());
      if (summary === undefined) {
        element.textContent = 'This output holds no run that this version of Runledger can show.';
        return;
      }
      const shown = element.firstElementChild;
      // While a run goes on its output comes again and again: the widget stays, with its crosshair and its range.
      const widget = shown instanceof RunWidget ? shown : new RunWidget();
      widget.summary = summary;
      widget.openRun = openRun;
      if (widget !== shown) {
        element.replaceChildren(widget);
      }
    },
  };
}
