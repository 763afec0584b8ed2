/** The figures of the last runs, kept in one file, and their table for people. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { captureCommand } from '../support/childProcess.ts';
import { rootFolder, testOutputFolder } from '../support/paths.ts';
import { findPython } from '../support/python.ts';
import { TaskError } from '../support/taskError.ts';
import type { Benchmark } from './benchmark.ts';
import { cellsOf, type Figure } from './figure.ts';

export const figuresFile = path.join(testOutputFolder, 'bench.json');
export const figuresPage = path.join(rootFolder, 'docs', 'performance.md');

const tableStart = '<!-- figures: npm run bench -- --document -->';
const tableEnd = '<!-- end of figures -->';
const heading = ['what', 'measured: median (least to most)', 'beside', 'ratio', 'aim', 'met'];

interface Report {
  readonly machine: Readonly<Record<string, string | number>>;
  /** By the name of the benchmark. */
  readonly benchmarks: Readonly<Record<string, readonly Figure[]>>;
}

/** Keeps what a benchmark found, with what others found before on this machine. */
export async function keepFigures(name: string, figures: readonly Figure[]): Promise<void> {
  const machine = {
    python: (await captureCommand(findPython(), ['--version'])).stdout.trim(),
    processors: os.availableParallelism(),
    processor: os.cpus()[0]?.model ?? '',
    platform: process.platform,
    node: process.version,
  };
  const known = await readReport();
  const isSame = JSON.stringify(known?.machine) === JSON.stringify(machine);
  const report: Report = {
    machine,
    benchmarks: { ...(isSame ? known?.benchmarks : {}), [name]: figures },
  };
  await mkdir(testOutputFolder, { recursive: true });
  await writeFile(figuresFile, `${JSON.stringify(report, null, 2)}\n`);
}

async function readReport(): Promise<Report | undefined> {
  try {
    return JSON.parse(await readFile(figuresFile, 'utf8')) as Report;
  } catch {
    return undefined;
  }
}

export function tableOf(figures: readonly Figure[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [row(heading), row(heading.map(() => '---')), ...figures.map((figure) => row(cellsOf(figure)))].join('\n');
}

/** Puts the figures that were kept into docs/performance.md, in place of those that it shows; others stay as they are there. */
export async function documentFigures(benchmarks: readonly Benchmark[]): Promise<void> {
  const report = await readReport();
  const page = await readFile(figuresPage, 'utf8');
  const start = page.indexOf(tableStart);
  const end = page.indexOf(tableEnd);
  if (report === undefined || start === -1 || end < start) {
    throw new TaskError('There are no figures yet, or docs/performance.md has no place for them. Run `npm run bench`.');
  }
  const known = sectionsOf(page.slice(start, end));
  const sections = benchmarks.flatMap(({ name, about }) => {
    const figures = report.benchmarks[name];
    const section = figures === undefined ? known.get(name) : `### ${name}\n\n${about}\n\n${tableOf(figures)}\n`;
    return section === undefined ? [] : [section];
  });
  const { processors, platform, node, python } = report.machine;
  const machine = `Measured on a machine with ${processors} processor cores, ${platform}, ${python}, Node ${node}.`;
  const text = `${tableStart}\n\n${machine}\n\n${sections.join('\n')}\n`;
  await writeFile(figuresPage, page.slice(0, start) + text + page.slice(end));
}

/** The sections of the page's figures, by the name of the benchmark. */
function sectionsOf(text: string): ReadonlyMap<string, string> {
  const sections = text.split(/^(?=### )/m).filter((section) => section.startsWith('### '));
  return new Map(sections.map((section) => [/^### (.*)$/m.exec(section)?.[1] ?? '', `${section.trimEnd()}\n`]));
}
