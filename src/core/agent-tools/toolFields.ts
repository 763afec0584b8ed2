/** Parts of inputs and answers that several tools share. The descriptions are read by models. */
import * as v from 'valibot';

export function described<TSchema extends v.GenericSchema>(schema: TSchema, text: string) {
  return v.pipe(schema, v.description(text));
}

export function wholeNumber(from: number, to: number) {
  return v.pipe(v.number(), v.integer(), v.minValue(from), v.maxValue(to));
}

export const runId = described(v.pipe(v.string(), v.nonEmpty()), "The run's id, as lists give it.");

export const workspace = v.optional(
  described(
    v.string(),
    'Name or folder of the workspace. Default: the one of the current folder. Only needed where there are several.',
  ),
);

export const cursor = v.optional(described(v.string(), '`nextCursor` of the answer before, to go on.'));

/** Numbers that are not finite are their names, since JSON has none. */
export const value = v.union([v.number(), v.string(), v.boolean(), v.null()]);

export const runRow = v.object({
  id: v.string(),
  experiment: v.string(),
  number: v.number(),
  name: v.optional(v.string()),
  status: v.string(),
  created: described(v.string(), 'ISO 8601, UTC'),
  seconds: v.optional(described(v.number(), 'From start to end, or to now.')),
  script: v.optional(v.string()),
  parent: v.optional(v.string()),
  failure: v.optional(v.string()),
});

export const unreadableRow = v.object({
  id: v.string(),
  experiment: v.string(),
  status: v.literal('Unreadable'),
  problem: v.string(),
});

/** What lists answer beside the runs. */
export const listed = {
  workspace: v.string(),
  otherWorkspaces: v.optional(described(v.array(v.string()), 'Folders of the others that can be named.')),
  total: described(v.number(), 'Runs that match, on all pages.'),
  nextCursor: v.optional(v.string()),
} as const;
