import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileError } from '../base/errors.ts';

/** A log that is written in order, whoever waits for it. */
export class EnvironmentLog {
  private readonly file: FileHandle;
  private last: Promise<unknown> = Promise.resolve();

  private constructor(file: FileHandle) {
    this.file = file;
  }

  /** @throws RunledgerError `not-writable`, `disk-full` */
  static async open({ logPath }: { readonly logPath: string }): Promise<EnvironmentLog> {
    try {
      await mkdir(dirname(logPath), { recursive: true });
      return new EnvironmentLog(await open(logPath, 'a'));
    } catch (error) {
      throw fileError(error, 'write the log of the environment', logPath);
    }
  }

  /** What cannot be written is lost: the environment is made all the same. */
  write(text: string): void {
    this.last = this.last.then(() => this.file.write(text)).catch(() => {});
  }

  async close(): Promise<void> {
    await this.last;
    await this.file.close();
  }
}
