import type { Disposable } from '../../core/base/events.ts';
import { followLog, readLogTail } from '../../core/logs/logFollower.ts';
import { countLines, readLogAround, searchLog } from '../../core/logs/logLines.ts';
import type { LogMatchesModel, LogModel } from '../../protocol/runPage.ts';

/** Of a log that is longer, the page gets this much at a time. */
const partBytes = 512 * 1024;
/** Above this, the lines before the last part are not counted: it would take seconds. */
const mostCountedBytes = 2 * 1024 * 1024 * 1024;
const linesBefore = 100;
const mostMatches = 10_000;

/** The log that a page shows: one at a time is followed. */
export class RunLogs implements Disposable {
  private readonly post: (log: LogModel) => void;
  private following: Disposable | undefined;
  /** Counts the changes of which log is followed: one that was asked for and then replaced is not begun. */
  private request = 0;

  constructor(post: (log: LogModel) => void) {
    this.post = post;
  }

  /** The last part of a log; what is appended from then on is posted. */
  async follow(path: string, file: string): Promise<LogModel> {
    this.stop();
    const { request } = this;
    const tail = await readLogTail(file, partBytes);
    const isCounted = tail.start <= mostCountedBytes;
    const firstLine = isCounted ? await countLines(file, tail.start) : undefined;
    if (request === this.request) {
      this.following = followLog(file, tail.end, (chunk) => this.post({ path, ...chunk }));
    }
    return { path, ...tail, ...(firstLine !== undefined && { firstLine }) };
  }

  async readAround(path: string, file: string, line: number): Promise<LogModel> {
    return { path, ...(await readLogAround(file, line, linesBefore, partBytes)) };
  }

  async search(
    file: string,
    search: { readonly text: string; readonly isCaseSensitive: boolean },
    signal: AbortSignal,
  ): Promise<LogMatchesModel> {
    return await searchLog(file, search, mostMatches, signal);
  }

  stop(): void {
    this.request += 1;
    this.following?.dispose();
    this.following = undefined;
  }

  dispose(): void {
    this.stop();
  }
}
