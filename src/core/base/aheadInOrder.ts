/**
 * Begins work on some items at once and hands out the results in the order of the items.
 *
 * A failure is told when its turn comes. Nothing goes on once the results have ended, however they did.
 *
 * @param begin called in the order of the items
 * @param discard for results that nobody takes, after a failure or where reading stops early
 */
export async function* aheadInOrder<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  atOnce: number,
  begin: (item: Item) => Promise<Result>,
  discard?: (result: Result) => Promise<void>,
): AsyncGenerator<Result, void, void> {
  const begun: Promise<Result>[] = [];
  try {
    for await (const item of items) {
      const result = begin(item);
      result.catch(() => {});
      begun.push(result);
      const first = begun.length >= atOnce ? begun.shift() : undefined;
      if (first !== undefined) {
        yield await first;
      }
    }
    for (let next = begun.shift(); next !== undefined; next = begun.shift()) {
      yield await next;
    }
  } finally {
    for (const rest of await Promise.allSettled(begun)) {
      if (rest.status === 'fulfilled') {
        await discard?.(rest.value);
      }
    }
  }
}
