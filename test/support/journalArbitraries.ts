/** Journals that no program should have written: for tests that readers take them, and take them alike. */
import fc from 'fast-check';

/** The content of each file of a journal. */
export class JournalFiles extends Map<string, Buffer> {
  /** How a counterexample is shown. */
  [fc.toStringMethod](): string {
    return [...this].map(([name, data]) => `${name}:\n${data.toString('latin1')}`).join('\n---\n');
  }
}

/** Few, so that records of several kinds and writers meet under one name. */
const names = fc.constantFrom(
  ...['loss', 'acc', 'a b', '', '__proto__', 'constructor', 'hasOwnProperty', 'é', '😀', '\ud800', '10', '9', '\u0000'],
  'long'.repeat(100),
);

const numberTexts = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -3, max: 12 }).map(String) },
  { weight: 2, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ...['-0', '0.0', '-0.0', '1.0', '1e2', '1E+2', '1e400', '-1e400', '1e-400', '5e-324', '0.1'],
      ...[
        '9007199254740991',
        '9007199254740992',
        '9007199254740993',
        '-9007199254740993',
        '1e22',
        '123456789012345678',
      ],
      ...[`1${'0'.repeat(400)}`, `-1${'0'.repeat(5000)}`, `0.${'3'.repeat(1000)}`, `${'9'.repeat(308)}`],
      `${'9'.repeat(309)}`,
    ),
  },
);

const taggedTexts = fc.constantFrom(
  ...['{"$float":"NaN"}', '{"$float":"Infinity"}', '{ "$float" : "-Infinity" }', '{"$float":"toString"}'],
  ...['{"$float":"NaN","x":1}', '{"$float":1}', '{"$float":"__proto__"}', '{"$float":["NaN"]}'],
);

const stringTexts = fc.oneof(
  names.map((name) => JSON.stringify(name)),
  fc.string({ unit: 'binary', maxLength: 8 }).map((text) => JSON.stringify(text)),
  fc.constantFrom(
    '"\\ud83d\\ude00"',
    '"\\ud83d"',
    '"\\ude00\\ud83d"',
    '"\\u0041"',
    '"\\/"',
    '"NaN"',
    '"1"',
    '"\u2028"',
  ),
);

const scalarTexts = fc.oneof(
  { weight: 5, arbitrary: numberTexts },
  { weight: 2, arbitrary: stringTexts },
  fc.constantFrom('true', 'false'),
  taggedTexts,
);

/** Any JSON value, wrong types among them. */
const anyTexts: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalarTexts,
    fc.constant('null'),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    fc.array(fc.tuple(stringTexts, tie('value')), { maxLength: 3 }).map(objectText),
  ),
})).value;

function objectText(fields: readonly (readonly [string, string])[]): string {
  return `{${fields.map(([name, value]) => `${name}:${value}`).join(',')}}`;
}

function mostly(right: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof({ weight: 9, arbitrary: right }, { weight: 1, arbitrary: anyTexts });
}

const scalarOrNullTexts = fc.oneof({ weight: 4, arbitrary: scalarTexts }, fc.constant('null'));
const listTexts = fc.array(scalarOrNullTexts, { maxLength: 4 }).map((items) => `[${items.join(',')}]`);
const nameTexts = names.map((name) => JSON.stringify(name));

/** An object with a value for each of some names; a name may come twice. */
function mapTexts(values: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.array(fc.tuple(nameTexts, values), { maxLength: 4 }).map(objectText);
}

function quoted(...texts: readonly string[]): fc.Arbitrary<string> {
  return fc.constantFrom(...texts.map((text) => JSON.stringify(text)));
}

const failureTexts = fc.oneof(
  quoted('it broke'),
  fc
    .tuple(mostly(stringTexts), fc.array(fc.tuple(quoted('type', 'advice', 'traceback', 'message'), anyTexts)))
    .map(([message, others]) => objectText([['"message"', message], ...others])),
);

/** The fields of each kind beside `t` and `k`; a field in the second object may be left out. */
const fieldsOfKinds: Readonly<Record<string, readonly [Fields, Fields]>> = {
  metric: [
    { n: nameTexts, v: scalarTexts },
    { s: numberTexts, d: stringTexts },
  ],
  metrics: [{ v: mapTexts(scalarTexts) }, { s: numberTexts }],
  list: [
    { n: nameTexts, v: listTexts },
    { s: numberTexts, d: stringTexts },
  ],
  row: [{ n: nameTexts, v: mapTexts(scalarOrNullTexts) }, { d: stringTexts }],
  table: [{ n: nameTexts, v: mapTexts(listTexts) }, { d: stringTexts }],
  image: [
    { n: nameTexts, p: stringTexts },
    { s: numberTexts, d: stringTexts },
  ],
  document: [
    { n: nameTexts, schema: quoted('residuals', 'predictions', 'confusion_matrix', 'other'), p: stringTexts },
    { d: stringTexts },
  ],
  params: [{ v: mapTexts(scalarOrNullTexts) }, {}],
  tag: [{ n: nameTexts, v: fc.oneof(stringTexts, fc.constant('null')) }, {}],
  untag: [{ n: nameTexts }, {}],
  properties: [{ v: mapTexts(stringTexts) }, {}],
  attribute: [
    { n: quoted('displayName', 'description', 'notes', 'other'), v: fc.oneof(stringTexts, fc.constant('null')) },
    {},
  ],
  status: [
    { v: quoted('Running', 'Running', 'Finalizing', 'Completed', 'Failed', 'Canceled', 'NotResponding', 'Odd') },
    { exitCode: numberTexts, signal: stringTexts, error: failureTexts },
  ],
  process: [
    {
      role: quoted('submitter', 'supervisor', 'script', 'interactive', 'orchestrator', 'other'),
      pid: fc.oneof(numberTexts, fc.constant('999999999')),
      startTime: quoted('', '12'),
      bootId: quoted('', 'another'),
      host: quoted('', 'another', 'a third'),
    },
    {},
  ],
  heartbeat: [{}, {}],
  snapshot: [{ hash: stringTexts, files: numberTexts, bytes: numberTexts }, {}],
  warning: [{ message: stringTexts }, {}],
  fromTheFuture: [{}, { v: anyTexts }],
};

type Fields = Readonly<Record<string, fc.Arbitrary<string>>>;

const timeTexts = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 5 }).map(String) },
  { weight: 3, arbitrary: fc.double({ min: -10, max: 10, noNaN: true }).map(String) },
  { weight: 1, arbitrary: numberTexts },
);

function recordTexts(kind: string): fc.Arbitrary<string> {
  const [required = {}, optional = {}] = fieldsOfKinds[kind] ?? [];
  const field = (isPresent: fc.Arbitrary<boolean>, [name, texts]: [string, fc.Arbitrary<string>]) =>
    fc.tuple(isPresent, fc.tuple(fc.constant(JSON.stringify(name)), mostly(texts)));
  const rest = fc
    .tuple(
      ...Object.entries(required).map((entry) => field(fc.integer({ min: 0, max: 19 }).map(Boolean), entry)),
      ...Object.entries(optional).map((entry) => field(fc.boolean(), entry)),
    )
    .map((fields) => fields.filter(([isPresent]) => isPresent).map(([, text]) => text));
  const odd = fc.option(fc.tuple(fc.constantFrom('"n"', '"v"', '"t"', '"k"', '"s"', '"x"'), anyTexts), {
    freq: 12,
    nil: undefined,
  });
  return fc
    .tuple(mostly(timeTexts), mostly(fc.constant(JSON.stringify(kind))), rest, odd)
    .map(([time, kindText, others, oddField]) =>
      objectText([
        ['"t"', time],
        ['"k"', kindText],
        ...others,
        // A key may come twice: the last one counts.
        ...(oddField === undefined ? [] : [oddField]),
      ]),
    );
}

const records = fc.oneof(
  ...Object.keys(fieldsOfKinds).map((kind) => ({
    weight: kind === 'metric' ? 8 : kind === 'status' ? 3 : 1,
    arbitrary: recordTexts(kind),
  })),
);

function nested(depth: number, open: string, close: string): string {
  return `{"t":1,"k":"metric","n":"loss","v":1,"x":${open.repeat(depth)}${close.repeat(depth)}}`;
}

const oddLines = fc
  .oneof(
    fc.constantFrom(
      ...['', ' ', '\r', '{}', '[]', '1', 'null', '"text"', 'NaN', '{"t":1,"k":"metric","n":"loss","v":NaN}'],
      ...[
        '{"t":1,"k":"metric","n":"loss","v":01}',
        '{"t":1,"k":"metric","n":"loss","v":1.}',
        '{"t":1,"k":"heartbeat"},',
      ],
      ...['\ufeff{"t":1,"k":"heartbeat"}', '\u00a0{"t":1,"k":"heartbeat"}', '\t{"t" : 1 ,\r"k":"heartbeat" } '],
      ...['{"t":1,"k":"metric","n":"tab\there","v":1}', "{'t':1,'k':'heartbeat'}", '{"t":1,"k":"heartbeat",}'],
      ...['{"t":1,"k":"metric","n":"\\x41","v":1}', '{"t":1,"k":"metric","n":"\\ud83d\\u0041","v":1}'],
      ...['{"t":-Infinity,"k":"heartbeat"}', `{"t":1,"k":"list","n":"${'[{'.repeat(80)}","v":[1]}`],
    ),
    fc
      .tuple(
        fc.constantFrom(98, 99, 100, 101, 500, 5000, 100_000),
        fc.constantFrom<[string, string]>(['[', ']'], ['[', '']),
      )
      .map(([depth, [open, close]]) => nested(depth, open, close)),
    fc.constant(`${'{"a":'.repeat(100)}1${'}'.repeat(100)}`),
    fc.constant(`{"t":1,"k":"list","n":"acc","v":[${'{"$float":"NaN"},'.repeat(150)}1]}`),
    anyTexts,
  )
  .map((text) => Buffer.from(text));

const garbage = fc.oneof(
  fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom('eda080', 'c080', 'f4908080', 'ff', 'efbbbf', '00', '0d', 'c3').map((hex) => Buffer.from(hex, 'hex')),
);

const lines = fc.oneof(
  { weight: 12, arbitrary: records.map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: oddLines },
  { weight: 1, arbitrary: garbage },
);

/** What happens to a file between its writer and its reader; places are parts of its length. */
const damages = fc.array(
  fc.record({
    kind: fc.constantFrom('insert', 'cut', 'replace'),
    place: fc.double({ min: 0, max: 1, noNaN: true }),
    bytes: garbage,
  }),
  { maxLength: 2 },
);

const files = fc
  .tuple(fc.array(lines, { maxLength: 12 }), fc.boolean(), fc.option(damages, { freq: 3, nil: [] }))
  .map(([content, isWhole, damage]) => {
    const text = content.flatMap((line, index) =>
      index === content.length - 1 && !isWhole ? [line] : [line, Buffer.from('\n')],
    );
    return damage.reduce((data, { kind, place, bytes }) => {
      const at = Math.floor(place * data.length);
      const after = kind === 'insert' ? at : kind === 'cut' ? data.length : at + bytes.length;
      return Buffer.concat([data.subarray(0, at), kind === 'cut' ? Buffer.alloc(0) : bytes, data.subarray(after)]);
    }, Buffer.concat(text));
  });

/** Several writers at once, some of them with names that sort unlike what they begin with. */
export const journals: fc.Arbitrary<JournalFiles> = fc
  .uniqueArray(
    fc.tuple(
      fc.constantFrom('python-1-aaaaaaaa', 'python-10-aaaaaaaa', 'python-1-aaaaaaaa-2', 'editor-2-bbbbbbbb', '.hidden'),
      files,
    ),
    { selector: ([name]) => name, maxLength: 3 },
  )
  .map((entries) => new JournalFiles(entries.map(([name, data]) => [`${name}.jsonl`, data])));
