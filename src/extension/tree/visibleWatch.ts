import type { Disposable } from '../../core/base/events.ts';

/** Listens to the workspaces that a view shows, only while it is visible. */
export class VisibleWatch {
  private readonly watch: (workspaceFolder: string, listener: () => void) => Disposable;
  private readonly listener: () => void;
  private readonly watched = new Map<string, Disposable>();
  private isShown = false;

  constructor(watch: (workspaceFolder: string, listener: () => void) => Disposable, listener: () => void) {
    this.watch = watch;
    this.listener = listener;
  }

  get isVisible(): boolean {
    return this.isShown;
  }

  /** Returns whether it has just become visible: what happened before is not known, and to be read again. */
  setVisible(isVisible: boolean): boolean {
    if (this.isShown === isVisible) {
      return false;
    }
    this.isShown = isVisible;
    this.stop();
    return isVisible;
  }

  /** To be called before a workspace is read: what comes while it is read is told then. */
  add(workspaceFolder: string): void {
    if (this.isShown && !this.watched.has(workspaceFolder)) {
      this.watched.set(workspaceFolder, this.watch(workspaceFolder, this.listener));
    }
  }

  /** Forgets the workspaces. */
  stop(): void {
    for (const watcher of this.watched.values()) {
      watcher.dispose();
    }
    this.watched.clear();
  }
}
