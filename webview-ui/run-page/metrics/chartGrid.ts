/** CSS pixels. */
export const NARROWEST_CARD = 296;
export const CARD_GAP = 12;
const CARD_HEIGHT = 184;
/** What a card has beside the plot: the y axis and the air at its other end. */
const BESIDE_PLOT = 48;

/** The grid of charts, about as it will be in a page of this size: known before there is anything to lay out. */
export function expectedGrid(): { readonly cards: number; readonly plotWidth: number } {
  const columns = Math.max(1, Math.floor(innerWidth / (NARROWEST_CARD + CARD_GAP)));
  const rows = Math.ceil(innerHeight / (CARD_HEIGHT + CARD_GAP));
  return { cards: columns * rows, plotWidth: innerWidth / columns - CARD_GAP - BESIDE_PLOT };
}
