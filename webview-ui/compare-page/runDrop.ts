/** What VS Code calls rows of the Experiments view that are dragged. */
const ROWS_TYPE = 'application/vnd.code.tree.runledger.experiments';

/** Rows of the Experiments view that are dropped on the page. VS Code lets a page have what is dragged while Shift is held. */
export class RunDrop {
  readonly #onDrop: () => void;

  constructor(onDrop: () => void) {
    this.#onDrop = onDrop;
  }

  /** The element has the class `takes-runs` while they are over it. */
  listen(element: HTMLElement): void {
    const mark = (isOver: boolean): void => {
      element.classList.toggle('takes-runs', isOver);
    };
    for (const type of ['dragenter', 'dragover'] as const) {
      element.addEventListener(type, (event) => {
        if (event.dataTransfer?.types.includes(ROWS_TYPE) === true) {
          event.preventDefault();
          event.dataTransfer.dropEffect = 'copy';
          mark(true);
        }
      });
    }
    element.addEventListener('dragleave', (event) => {
      if (!(event.relatedTarget instanceof Node) || !element.contains(event.relatedTarget)) {
        mark(false);
      }
    });
    element.addEventListener('drop', (event) => {
      mark(false);
      if (event.dataTransfer?.types.includes(ROWS_TYPE) === true) {
        event.preventDefault();
        this.#onDrop();
      }
    });
  }
}
