/// <reference lib="dom" />
import type { FrameLocator } from '@playwright/test';

/** Waits until a page shows that many charts, with something drawn on each. */
export async function untilChartsAreDrawn(page: FrameLocator, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const canvas = page.locator('canvas').nth(index);
    await canvas.waitFor();
    await canvas.evaluate(
      (element) =>
        new Promise<void>((resolve) => {
          const look = (): void => {
            if (element instanceof HTMLCanvasElement && element.width > 0 && element.height > 0) {
              const pixels = element.getContext('2d')?.getImageData(0, 0, element.width, element.height).data;
              if (pixels?.some((value) => value !== 0)) {
                resolve();
                return;
              }
            }
            requestAnimationFrame(look);
          };
          look();
        }),
    );
  }
}
