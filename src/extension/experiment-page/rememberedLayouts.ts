import type { LayoutModel } from '../../protocol/experimentPage.ts';
import type { ChoiceStorage } from '../submit/rememberedChoices.ts';
import { parseLayout } from './experimentPageMessages.ts';

const storageKey = 'runledger.experimentLayouts';

/** Experiments remembered: the oldest are forgotten, so that the storage stays small. */
const mostExperiments = 200;

/** How the page of each experiment was laid out last, in this window's workspace. */
export class RememberedLayouts {
  private readonly storage: ChoiceStorage;

  constructor(storage: ChoiceStorage) {
    this.storage = storage;
  }

  of(workspaceFolder: string, experimentKey: string): LayoutModel | undefined {
    const key = keyOf(workspaceFolder, experimentKey);
    return parseLayout(this.all().find(([known]) => known === key)?.[1]);
  }

  async remember(workspaceFolder: string, experimentKey: string, layout: LayoutModel): Promise<void> {
    const key = keyOf(workspaceFolder, experimentKey);
    const others = this.all().filter(([known]) => known !== key);
    await this.storage.update(storageKey, [...others, [key, layout]].slice(-mostExperiments));
  }

  private all(): readonly (readonly [key: string, layout: unknown])[] {
    const value = this.storage.get<unknown>(storageKey);
    return Array.isArray(value)
      ? value.flatMap((item: unknown) =>
          Array.isArray(item) && typeof item[0] === 'string' ? [[item[0], item[1] as unknown] as const] : [],
        )
      : [];
  }
}

function keyOf(workspaceFolder: string, experimentKey: string): string {
  return `${workspaceFolder}\n${experimentKey}`;
}
