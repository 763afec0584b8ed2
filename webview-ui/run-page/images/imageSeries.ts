import type { ImageModel } from '../../../src/protocol/runPage.ts';

/** The images of one name. */
export interface ImageSeries {
  readonly name: string;
  /** By step; those without one in the order in which they were logged, before the others. */
  readonly images: readonly ImageModel[];
}

/** Images by their names, in the order in which the names came up. */
export function imageSeries(images: readonly ImageModel[]): readonly ImageSeries[] {
  const byName = new Map<string, ImageModel[]>();
  for (const image of images) {
    const list = byName.get(image.name);
    if (list === undefined) {
      byName.set(image.name, [image]);
    } else {
      list.push(image);
    }
  }
  return [...byName].map(([name, list]) => ({
    name,
    images: list.toSorted((a, b) => (a.step ?? Number.NEGATIVE_INFINITY) - (b.step ?? Number.NEGATIVE_INFINITY) || 0),
  }));
}

/** Where in its series an image stands, for a person. */
export function placeText(
  { step }: ImageModel,
  index: number,
  count: number,
  formatCount: (value: number) => string,
): string {
  return step === undefined ? `${formatCount(index + 1)} of ${formatCount(count)}` : `step ${formatCount(step)}`;
}

/** What a screen reader says of an image. */
export function altOf(image: ImageModel): string {
  const step = image.step === undefined ? '' : ` at step ${image.step}`;
  return `${image.description ?? image.name}${step}`;
}
