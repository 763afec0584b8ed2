import { describe, expect, it } from 'vitest';
import { Turns } from '../../webview-ui/shared/turns.ts';

/** Requests that end when the test says so. */
function requests(page: { isMoving: boolean }) {
  const turns = new Turns(page);
  const asked: string[] = [];
  const ends = new Map<string, () => void>();
  const ask = (name: string, signal = new AbortController().signal): Promise<string> =>
    turns.take(() => {
      asked.push(name);
      return new Promise((resolve) => ends.set(name, () => resolve(name)));
    }, signal);
  const end = async (name: string, request: Promise<string>): Promise<void> => {
    ends.get(name)?.();
    await request;
    await Promise.resolve();
  };
  return { ask, asked, end };
}

describe('requests of charts', () => {
  it('go at once while the page rests, and two at a time while it moves', async () => {
    const page = { isMoving: false };
    const { ask, asked, end } = requests(page);
    const [a] = [ask('a'), ask('b'), ask('c')];
    expect(asked).toEqual(['a', 'b', 'c']);
    page.isMoving = true;
    void ask('d');
    void ask('e');
    expect(asked).toHaveLength(3);
    await end('a', a);
    expect(asked).toEqual(['a', 'b', 'c', 'd']);
  });

  it('all go when the page comes to rest, and one that nobody waits for any more holds up none', async () => {
    const page = { isMoving: true };
    const { ask, asked, end } = requests(page);
    const a = ask('a');
    void ask('b');
    const given = new AbortController();
    const dropped = ask('dropped', given.signal);
    void ask('c');
    void ask('d');
    given.abort(new Error('not wanted'));
    const refused = expect(dropped).rejects.toThrow('not wanted');
    page.isMoving = false;
    await end('a', a);
    await refused;
    expect(asked).toEqual(['a', 'b', 'c', 'd']);
  });
});
