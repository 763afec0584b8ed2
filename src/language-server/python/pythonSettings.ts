import type { Connection } from 'vscode-languageserver';

/** What a person can turn off, as `runledger.python.<name>`. */
export interface PythonSettings {
  readonly inlayHints: boolean;
  readonly hovers: boolean;
  readonly completions: boolean;
  readonly codeLenses: boolean;
}

export const settingsSection = 'runledger.python';

/** Everything is on where the editor does not say otherwise. Asked for once, and again when it changed. */
export class SettingsReader {
  private readonly connection: Connection;
  private readonly isAsked: () => boolean;
  private current: Promise<PythonSettings> | undefined;

  /** @param isAsked whether the editor answers questions for settings */
  constructor(connection: Connection, isAsked: () => boolean) {
    this.connection = connection;
    this.isAsked = isAsked;
  }

  async get(): Promise<PythonSettings> {
    this.current ??= this.read();
    return await this.current;
  }

  forget(): void {
    this.current = undefined;
  }

  private async read(): Promise<PythonSettings> {
    const values: unknown = this.isAsked()
      ? await this.connection.workspace.getConfiguration(settingsSection)
      : undefined;
    const isOn = (name: keyof PythonSettings): boolean =>
      !(typeof values === 'object' && values !== null && (values as Record<string, unknown>)[name] === false);
    return {
      inlayHints: isOn('inlayHints'),
      hovers: isOn('hovers'),
      completions: isOn('completions'),
      codeLenses: isOn('codeLenses'),
    };
  }
}
