import { describe, expect, it } from 'vitest';
import type { ImageModel } from '../../src/protocol/runPage.ts';
import { altOf, imageSeries, placeText } from '../../webview-ui/run-page/images/imageSeries.ts';

const image = (name: string, path: string, step?: number): ImageModel => ({
  name,
  path,
  uri: `page:/${path}`,
  step,
  description: undefined,
});

describe('images of one name', () => {
  it('are in the order of their steps, those without one first as they were logged', () => {
    const images = [image('b', '1', 20), image('a', '2'), image('b', '3', 3), image('b', '4'), image('b', '5')];
    const series = imageSeries(images).map(({ name, images: list }) => [name, list.map(({ path }) => path)]);
    expect(series).toEqual([
      ['b', ['4', '5', '3', '1']],
      ['a', ['2']],
    ]);
    expect(imageSeries([])).toEqual([]);
  });

  it('are told apart by step, else by place', () => {
    expect(placeText(image('a', '1', 1000), 0, 3, String)).toBe('step 1000');
    expect(placeText(image('a', '1'), 0, 3, String)).toBe('1 of 3');
    expect(altOf(image('a', '1', 0))).toBe('a at step 0');
  });
});
