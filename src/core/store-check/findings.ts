/** What a check of a store can find. */

/** What a person is told of a kind of finding. */
export interface FindingText {
  readonly title: string;
  /** What it means, in a sentence or two. */
  readonly meaning: string;
  /** What a repair does; undefined where none is made by itself. */
  readonly repair: string | undefined;
  /** `notice`: nothing is wrong that could be put right, or it is put right elsewhere. */
  readonly severity: 'problem' | 'notice';
}

function problem(title: string, meaning: string, repair?: string): FindingText {
  return { title, meaning, repair, severity: 'problem' };
}

function notice(title: string, meaning: string): FindingText {
  return { title, meaning, repair: undefined, severity: 'notice' };
}

const keptAside = 'what was there is kept in the trash';

export const findingTexts = {
  'workspace-record': problem(
    'The record of the workspace is damaged',
    'Without workspace.json nothing of the workspace can be opened.',
    `It is written again, with the name and the id by which this machine knows the workspace; ${keptAside}.`,
  ),
  'folder-missing': problem(
    'A folder is missing',
    'Tools that copy or synchronize leave out empty folders. Runs cannot be made or written to without it.',
    'It is made again.',
  ),
  'experiment-record': problem(
    'The record of an experiment is damaged',
    'The experiment is shown by the name of its folder.',
    `It is written again, with the name that its runs know; ${keptAside}.`,
  ),
  'experiment-name': problem(
    'The name of an experiment is not that of its folder',
    'The folder was renamed or copied. Under the name that is shown the experiment cannot be found.',
    `The record gets the name of the folder; ${keptAside}.`,
  ),
  'folder-name': problem(
    'A folder has a name that nothing in the store can have',
    'What it holds cannot be reached by its name. Rename it, or move it out of the store.',
  ),
  'stray-entry': problem(
    'Something that does not belong there',
    'A file stands where only folders do, or an entry has a name that no run or version can have.',
    'It is moved to the trash.',
  ),
  'run-record': problem(
    'The record of a run is damaged',
    'The run is shown as unreadable, though its values and files may be whole.',
    `It is made again from what is left: the number, the time, the parent. What was submitted is not known any more, which a \
warning on the run says; ${keptAside}.`,
  ),
  'run-empty': problem(
    'A folder of a run that holds nothing',
    'Whoever made it died, or its contents were deleted: no record, no values, no files.',
    'It is moved to the trash.',
  ),
  'run-record-disagrees': problem(
    'The record of a run is that of another',
    'The folder was renamed, copied or moved by hand. The run is listed, and cannot be opened by its id.',
    `The record gets the id and the experiment of its folder; ${keptAside}.`,
  ),
  'run-duplicated': problem(
    'Two experiments hold a run of the same id',
    'Only one of them can be opened. Move one of the two folders out of the store, or delete it.',
  ),
  'run-ended-unrecorded': problem(
    'The process of a run is gone, and its journal does not say how the run ended',
    'It was killed, or the machine was restarted. Every reader works that out anew.',
    'That it failed is recorded, with the time of the last that is known of it.',
  ),
  'number-missing': problem(
    'A run or a version without a number',
    'Lists go by the claims of numbers: it is there, and no list shows it.',
    'Its number is claimed again, or the next one where that is taken.',
  ),
  'number-gap': problem(
    'A number is missing among those that were claimed',
    'The highest number is found by looking for the first free one: newer ones may not be listed.',
    'The number is claimed for nothing, and passed over.',
  ),
  'number-gap-large': problem(
    'A number far above all others',
    'Too many numbers are missing below it to claim them all. Move the file out of the folder, then check again.',
  ),
  'number-twice': problem(
    'Several numbers for one run',
    'Lists show the run more than once.',
    'The number that its record names stays; the others are claimed for nothing.',
  ),
  'torn-line': problem(
    'A journal ends in the middle of a line',
    'Its writer died while it wrote, or the disk was full. What is after the last line end is not read.',
    'The line is ended. Where it was whole but for that, its record counts again; else it is passed over.',
  ),
  leftover: problem(
    'Something half made',
    'Whoever made it died before it was done. Nothing reads it.',
    'It is moved to the trash.',
  ),
  'working-folder': problem(
    'The working folder of a run that has ended',
    'The supervisor was killed before it could take it away. It holds the code of the run and what the script left there.',
    'It is moved to the trash.',
  ),
  'child-gone': problem(
    'A mark of a child run that is gone',
    'The child was deleted for good.',
    'The mark is moved to the trash.',
  ),
  'child-unmarked': problem(
    'A child run that its parent does not know',
    'It is shown neither below its parent nor beside it.',
    'The mark is made.',
  ),
  'active-run-gone': problem(
    'A mark in active/ for a run that is gone',
    'Readers look for the run again and again.',
    'The mark is moved to the trash.',
  ),
  'active-run-ended': problem(
    'A mark in active/ for a run that has ended',
    'Readers keep watching a run to which nobody writes.',
    'The mark is moved to the trash.',
  ),
  'active-mark-missing': problem(
    'A run that goes on without a mark in active/',
    'Lists are not told when it changes.',
    'The mark is made.',
  ),
  'model-record': problem(
    'The record of a version of a model is damaged',
    'The version is shown as unreadable, though its files may be whole.',
    `It is made again from what is left: the name, the version, the time; ${keptAside}.`,
  ),
  'model-empty': problem(
    'A folder of a version of a model that holds nothing',
    'Whoever made it died, or its contents were deleted: no record and no files.',
    'It is moved to the trash.',
  ),
  'model-record-disagrees': problem(
    'The record of a version of a model is that of another',
    'The folder was renamed, copied or moved by hand. Under the name that is shown the version cannot be found.',
    `The record gets the name and the number of its folder; ${keptAside}.`,
  ),
  'definition-damaged': problem(
    'A definition that cannot be read',
    'What was registered there cannot be used. Register it again, or move the file out of the store.',
  ),
  'newer-format': problem(
    'Written by a newer version of Runledger',
    'This version cannot read it, and did not check it. Update Runledger.',
  ),
  'not-accessible': problem(
    'Something that cannot be read',
    'It was not checked, nor what it holds. Check its permissions, and the disk.',
  ),
  'not-writable': problem(
    'Something that cannot be written to',
    'Runs cannot be made or written to there. Check the permissions.',
  ),
  'lines-unusable': notice(
    'Lines in a journal that are no records',
    'They are passed over, and counted on the run. What they held is lost; everything else is read.',
  ),
  'numbers-unused': notice(
    'Numbers without a run or a version',
    'They were claimed for what was deleted, or never came. They are passed over and not given again.',
  ),
  'snapshot-missing': notice(
    'A run whose code is gone',
    'The snapshot that the run names is not in the store. The run itself can be read.',
  ),
  'snapshots-unnamed': notice(
    'Snapshots that no run names',
    'They only take space. `runledger store gc` or "Empty Trash…" removes those that are older than a day.',
  ),
  trash: notice(
    'Something is in the trash',
    'Deleted runs and models, which can be restored until the trash is emptied.',
  ),
  'not-responding': notice(
    'A run on another machine that is not heard of',
    'Whether it goes on can only be told there. It was left as it is.',
  ),
  'orchestration-abandoned': notice(
    'A sweep or a pipeline that nobody carries out',
    'Its process died. The next command or window lets it go on.',
  ),
  'never-started': notice(
    'A run that was made and never started',
    'Whoever made it ended before a process was recorded. It can be deleted.',
  ),
} as const satisfies Readonly<Record<string, FindingText>>;

export type FindingKind = keyof typeof findingTexts;

/** `repaired`: it was put right. `failed`: a repair was tried. `open`: it is as it was found. */
export type FindingOutcome = 'open' | 'repaired' | 'failed';

export interface Finding {
  readonly kind: FindingKind;
  readonly severity: FindingText['severity'];
  /** Relative to `.runledger/`, with `/`. */
  readonly place: string;
  /** What is the matter there, in a sentence. */
  readonly message: string;
  /** Whether a repair can put it right. */
  readonly isRepairable: boolean;
  readonly outcome: FindingOutcome;
  /** Why the repair failed. */
  readonly failure: string | undefined;
}

export interface CheckResult {
  readonly experiments: number;
  readonly runs: number;
  readonly models: number;
  readonly journalBytes: number;
  /** Problems that were found, by what became of them. Notices are not among them. */
  readonly problems: Readonly<Record<FindingOutcome, number>>;
  /** Of those that are left, how many a repair could put right. */
  readonly repairable: number;
  readonly notices: number;
  /** Where what repairs took out is kept, absolute; undefined where nothing was. */
  readonly keptFolder: string | undefined;
}

/** How many problems are left. */
export function remainingProblems({ problems }: CheckResult): number {
  return problems.open + problems.failed;
}
