/** The claims of numbers: every run has one, and none is missing among them (docs/store-format.md, "Run numbers"). */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, isNotFound } from '../base/errors.ts';
import { writeFileAtomically } from '../store/atomicFile.ts';
import { claimedId, claimNumber } from '../store/claims.ts';
import type { CheckSession } from './checkSession.ts';

const readAtOnce = 64;
/** More numbers than these are not claimed to fill a gap. */
const largestGap = 10_000;

export interface Claims {
  readonly folder: string;
  /** The numbers that were claimed, rising. */
  readonly numbers: readonly number[];
  /** The numbers of each id, rising. */
  readonly byId: ReadonlyMap<string, readonly number[]>;
}

/** Reads all claims of a folder, and tells of what is none. */
export async function readClaims(session: CheckSession, folder: string): Promise<Claims> {
  const numbers: number[] = [];
  for (const name of await session.entries(folder)) {
    if (/^[1-9]\d{0,14}$/.test(name)) {
      numbers.push(Number(name));
    } else {
      const path = join(folder, name);
      const message = 'Its name is no number.';
      await session.report({ kind: 'stray-entry', path, message, fix: () => session.moveAside(path) });
    }
  }
  numbers.sort((a, b) => a - b);
  const byId = new Map<string, number[]>();
  for (let start = 0; start < numbers.length; start += readAtOnce) {
    session.throwIfStopped();
    const some = numbers.slice(start, start + readAtOnce);
    const ids = await Promise.all(
      some.map((number) => session.orReported(join(folder, String(number)), () => claimedId(folder, number))),
    );
    ids.forEach((id, index) => {
      const number = some[index];
      if (id !== undefined && number !== undefined) {
        byId.set(id, [...(byId.get(id) ?? []), number]);
      }
    });
  }
  return { folder, numbers, byId };
}

/** Something that must have a number: a run. */
export interface Numbered {
  readonly id: string;
  readonly path: string;
  /** The number that its own record names. */
  readonly number: number | undefined;
}

/**
 * Claims numbers for what has none, their own ones where they are free: first the lowest, so that a folder of claims that was
 * lost is as it was.
 *
 * @returns the numbers that were claimed, or would have been
 */
export async function reportUnnumbered(
  session: CheckSession,
  claims: Claims,
  unnumbered: readonly Numbered[],
): Promise<ReadonlySet<number>> {
  const taken = new Set<number>();
  let highest = claims.numbers.at(-1) ?? 0;
  const take = (number: number): void => {
    taken.add(number);
    highest = Math.max(highest, number);
  };
  const order = ({ number }: Numbered): number => number ?? Number.POSITIVE_INFINITY;
  for (const { id, path, number } of [...unnumbered].sort((a, b) => order(a) - order(b))) {
    const isPossible = number !== undefined && Number.isSafeInteger(number) && number >= 1 && number <= highest + 1;
    const own = isPossible ? number : undefined;
    const message = own === undefined ? 'No number names it.' : `No number names it; its own is ${own}.`;
    const fix = async (): Promise<boolean> => {
      if (own !== undefined && (await claimOwn(session, claims.folder, own, id))) {
        take(own);
      } else {
        take(await claimNumber(claims.folder, id));
      }
      return true;
    };
    await session.report({ kind: 'number-missing', path, message, fix });
    if (own !== undefined) {
      // Without a repair: it would not be a gap.
      take(own);
    }
  }
  return taken;
}

/** Claims one number, if nobody has it. One that somebody claimed and then died before he said for what, nobody has. */
async function claimOwn(session: CheckSession, folder: string, number: number, id: string): Promise<boolean> {
  const path = join(folder, String(number));
  try {
    await writeFile(path, id, { flag: 'wx', flush: true });
    return true;
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') {
      throw error;
    }
  }
  if ((await claimedId(folder, number)) !== undefined || !(await session.hasSettled(path))) {
    return false;
  }
  await writeFileAtomically(path, id);
  return true;
}

/** Fills the gaps among the numbers: the search for the highest one takes them for its end. */
export async function reportGaps(
  session: CheckSession,
  { folder, numbers }: Claims,
  claimedSince: ReadonlySet<number>,
): Promise<void> {
  const all = [...new Set([...numbers, ...claimedSince])].sort((a, b) => a - b);
  let before = 0;
  for (const number of all) {
    const missing = number - before - 1;
    if (missing > largestGap) {
      const message = `${missing} numbers are missing below ${number}.`;
      await session.report({ kind: 'number-gap-large', path: join(folder, String(number)), message });
      return;
    }
    for (let gap = before + 1; gap < number; gap++) {
      await reportGap(session, folder, gap);
    }
    before = number;
  }
}

async function reportGap(session: CheckSession, folder: string, number: number): Promise<void> {
  const path = join(folder, String(number));
  const fix = async (): Promise<boolean> => {
    try {
      await writeFile(path, '', { flag: 'wx', flush: true });
      return true;
    } catch (error) {
      if (errorCode(error) === 'EEXIST') {
        return false;
      }
      throw error;
    }
  };
  const message = `The number ${number} is not claimed, and higher ones are.`;
  await session.report({ kind: 'number-gap', path, message, fix });
}

/** Leaves a run the one number that its record names. */
export async function reportTwice(session: CheckSession, claims: Claims, runs: readonly Numbered[]): Promise<void> {
  for (const { id, path, number } of runs) {
    const claimed = claims.byId.get(id) ?? [];
    const kept = number !== undefined && claimed.includes(number) ? number : claimed[0];
    const message = `The numbers ${claimed.join(', ')} name it.`;
    const fix = async (): Promise<boolean> => {
      for (const extra of claimed.filter((candidate) => candidate !== kept)) {
        const claim = join(claims.folder, String(extra));
        if ((await contentOf(claim)) === id) {
          await session.keepCopy(claim);
          await writeFileAtomically(claim, '');
        }
      }
      return true;
    };
    await session.report({ kind: 'number-twice', path, message, fix });
  }
}

async function contentOf(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (isNotFound(error)) {
      return undefined;
    }
    throw error;
  }
}
