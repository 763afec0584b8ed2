import { nearestName } from './nearestName.ts';
import { expectedValue, suggestion, valueFor } from './parseValue.ts';
import { attributes, type Condition, type Field, prefixes, type RunQuery, type SortKey, type Value } from './query.ts';
import { QueryError } from './queryError.ts';
import { queryTokens, type Token } from './queryTokens.ts';
import { attributeOf, fieldNames, type Keyword, metricPart, splitReference } from './queryWords.ts';
import { comparisonOf, isAdjacent, isReference, isSymbol, keywordOf } from './tokenMeaning.ts';

/** Parentheses and `not` in one another: deeper is no filter that a person wrote. */
const deepest = 100;

/**
 * Reads a filter: the grammar of docs/run-filters.md. An empty one is all runs.
 *
 * @throws QueryError and nothing else
 */
export function parseQuery(query: string): RunQuery {
  return new Parser(query).query();
}

/** Recursive descent: a method for each rule of the grammar. */
class Parser {
  private readonly text: string;
  private readonly tokens: readonly Token[];
  private index = 0;
  private depth = 0;

  constructor(text: string) {
    this.text = text;
    this.tokens = queryTokens(text);
  }

  query(): RunQuery {
    const condition = this.wholeSearch() ?? (this.isAtOrder() || this.isAtEnd() ? undefined : this.disjunction());
    const order = this.isAtOrder() ? this.order() : [];
    if (!this.isAtEnd()) {
      throw this.error(
        order.length > 0 ? 'Expected a comma, asc, desc, or the end.' : 'Expected "and", "or", "order by", or the end.',
      );
    }
    return { condition, order };
  }

  /** Nothing but words is what people type first: a search for them, whatever they mean elsewhere. */
  private wholeSearch(): Condition | undefined {
    const words: string[] = [];
    let index = 0;
    for (; !this.isAtEnd(index) && !this.isAtOrder(index); index += 1) {
      const token = this.at(index);
      const isPlain =
        token.kind === 'text' || (token.kind === 'word' && !this.isReserved(index) && !isReference(token));
      if (!isPlain || token.text === '') {
        return undefined;
      }
      words.push(token.text);
    }
    this.index = words.length > 0 ? index : this.index;
    return words.length > 0 ? { kind: 'search', words } : undefined;
  }

  private disjunction(): Condition {
    return this.joined('or', () => this.joined('and', () => this.negation()));
  }

  private joined(kind: 'and' | 'or', part: () => Condition): Condition {
    const first = part();
    const conditions = [first];
    while (this.take(kind)) {
      conditions.push(part());
    }
    return conditions.length === 1 ? first : { kind, conditions };
  }

  private negation(): Condition {
    if (!this.take('not')) {
      return this.primary();
    }
    return this.deeper(() => ({ kind: 'not', condition: this.negation() }));
  }

  private primary(): Condition {
    if (this.takeSymbol('(')) {
      return this.deeper(() => {
        const condition = this.disjunction();
        this.expectSymbol(')');
        return condition;
      });
    }
    if (this.take('has')) {
      return { kind: 'exists', field: this.field() };
    }
    const { current } = this;
    if (current.kind === 'end' || current.kind === 'symbol' || this.isReserved()) {
      throw this.error('Expected a condition, such as metrics.loss < 0.1 or status = Running.');
    }
    if (this.isSearchWord()) {
      return this.search();
    }
    return this.comparison(this.field());
  }

  private search(): Condition {
    const words: string[] = [];
    while (this.isSearchWord()) {
      if (this.current.text === '') {
        throw this.error('Expected a text to search for.');
      }
      words.push(this.current.text);
      this.index += 1;
    }
    return { kind: 'search', words };
  }

  /** A text, or a word that is no field and has no operator behind it. */
  private isSearchWord(): boolean {
    const { current } = this;
    const isOperand = this.isOperator(this.index + 1);
    if (current.kind === 'text') {
      return !isOperand;
    }
    return (
      current.kind === 'word' &&
      !this.isReserved() &&
      !isOperand &&
      !isReference(current) &&
      attributeOf(current.text) === undefined &&
      !isSymbol(this.at(this.index + 1), '(')
    );
  }

  private comparison(field: Field): Condition {
    const operator = this.current;
    if (this.take('is')) {
      const isNegated = this.take('not');
      if (!this.take('null')) {
        throw this.error(`Expected "null"${isNegated ? '' : ' or "not null"'} after "is".`);
      }
      const exists: Condition = { kind: 'exists', field };
      return isNegated ? exists : { kind: 'not', condition: exists };
    }
    const isNegated = this.take('not');
    if (this.take('in')) {
      return { kind: 'in', field, values: this.list(field), isNegated };
    }
    for (const match of ['like', 'ilike', 'contains'] as const) {
      if (this.take(match)) {
        this.checkIsText(field, operator);
        return { kind: 'match', field, operator: match, pattern: this.pattern(), isNegated };
      }
    }
    if (isNegated) {
      throw this.error('Expected "in", "like", "ilike" or "contains" after "not".');
    }
    const symbol = comparisonOf(operator);
    if (symbol === undefined) {
      throw this.error(
        `Expected an operator after ${this.textBefore(operator)}: =, !=, <, <=, >, >=, in, contains, like or is null.`,
      );
    }
    this.index += 1;
    return this.checked(operator, { kind: 'compare', field, operator: symbol, value: this.value(field) });
  }

  private checked(operator: Token, condition: Condition & { kind: 'compare' }): Condition {
    const { field, value } = condition;
    const isEquality = condition.operator === '=' || condition.operator === '!=';
    if (field.kind === 'attribute' && attributes[field.name].type === 'status' && !isEquality) {
      throw this.error('A state is compared with =, !=, in or not in.', operator);
    }
    if (value.kind === 'time' && value.time.kind === 'ago' && isEquality) {
      throw this.error(
        `A time so long ago is an instant that no run has: use < or >, as in ${field.name} > -7d.`,
        operator,
      );
    }
    if ((value.kind === 'boolean' || isNotANumber(value)) && !isEquality) {
      throw this.error(
        `${value.kind === 'boolean' ? 'true and false are' : 'nan is'} compared with = or !=.`,
        operator,
      );
    }
    return condition;
  }

  private list(field: Field): Value[] {
    this.expectSymbol('(', 'Expected a list in parentheses, such as (Running, Failed).');
    const values: Value[] = [];
    do {
      const token = this.current;
      const value = this.value(field);
      if (value.kind === 'time' && value.time.kind === 'ago') {
        throw this.error('Expected a day or an instant: nothing happened at a time so long ago exactly.', token);
      }
      values.push(value);
    } while (this.takeSymbol(','));
    this.expectSymbol(')', 'Expected a comma or ")".');
    return values;
  }

  private value(field: Field): Value {
    const token = this.current;
    if (keywordOf(token) === 'null') {
      throw this.error('Expected a value. Whether there is one is asked with "is null" or "is not null".');
    }
    if (token.kind !== 'text' && (token.kind !== 'word' || this.isReserved())) {
      throw this.error(`Expected ${expectedValue(field)}.`);
    }
    const value = valueFor(field, token);
    if (typeof value === 'string') {
      throw this.error(value);
    }
    this.index += 1;
    return value;
  }

  private pattern(): string {
    const { current } = this;
    if (current.kind !== 'text' && (current.kind !== 'word' || this.isReserved())) {
      throw this.error('Expected a text.');
    }
    this.index += 1;
    return current.text;
  }

  private checkIsText(field: Field, operator: Token): void {
    const isText =
      field.kind === 'attribute'
        ? attributes[field.name].type === 'text'
        : field.kind !== 'metric' || field.part === 'last';
    if (!isText) {
      throw this.error(`${this.textBefore(operator)} is no text: compare it with =, !=, <, <=, >, >= or in.`, operator);
    }
  }

  private order(): SortKey[] {
    this.index += 2;
    const keys: SortKey[] = [];
    do {
      const field = this.field();
      const isDescending = this.take('desc');
      if (!isDescending) {
        this.take('asc');
      }
      keys.push({ field, isDescending });
    } while (this.takeSymbol(','));
    return keys;
  }

  private field(): Field {
    const { current } = this;
    const part = current.kind === 'word' ? metricPart(current.text) : undefined;
    if (part !== undefined && isSymbol(this.at(this.index + 1), '(')) {
      this.index += 2;
      const token = this.current;
      const field = this.field();
      if (field.kind !== 'metric') {
        throw this.error(`Expected a metric, such as metrics.loss: only metrics have a ${part}.`, token);
      }
      this.expectSymbol(')');
      return { ...field, part };
    }
    if (current.kind !== 'word' || this.isReserved()) {
      throw this.error('Expected a field, such as metrics.loss, params.lr, tags.team or status.');
    }
    const reference = splitReference(current.text);
    if (reference !== undefined && reference.kind !== 'attribute') {
      return this.named(reference.kind, reference.name, current);
    }
    const attribute = attributeOf(reference?.name ?? current.text);
    if (attribute === undefined) {
      throw this.unknownField(reference?.name ?? current.text);
    }
    this.index += 1;
    return { kind: 'attribute', name: attribute };
  }

  /** The name is the rest of the word, or stands in quotes directly behind its dot. */
  private named(kind: Exclude<Field['kind'], 'attribute'>, rest: string, token: Token): Field {
    this.index += 1;
    const { current } = this;
    let name = rest;
    if (name === '' && (current.kind === 'text' || current.kind === 'name') && isAdjacent(token, current)) {
      name = current.text;
      this.index += 1;
    }
    if (name === '') {
      const place = { kind: token.kind, text: '', position: token.position + token.length, length: 0 };
      throw this.error(`Expected a name after "${token.text}", in quotes where it has blanks.`, place);
    }
    return kind === 'metric' ? { kind, part: 'last', name } : { kind, name };
  }

  private unknownField(text: string): QueryError {
    const dot = text.indexOf('.');
    const prefix = dot === -1 ? undefined : nearestName(text.slice(0, dot), Object.values(prefixes));
    if (prefix !== undefined) {
      return this.error(`There is no field "${text}". Did you mean "${prefix}${text.slice(dot)}"?`);
    }
    const otherwise = `A metric is written metrics.${text}, a parameter params.${text}, a tag tags.${text}`;
    return this.error(suggestion(`There is no field "${text}"`, text, fieldNames, otherwise));
  }

  private deeper<T>(rule: () => T): T {
    this.depth += 1;
    if (this.depth > deepest) {
      throw this.error(`Parentheses and "not" are more than ${deepest} deep.`);
    }
    const result = rule();
    this.depth -= 1;
    return result;
  }

  private get current(): Token {
    return this.at(this.index);
  }

  private at(index: number): Token {
    const token = this.tokens[index] ?? this.tokens.at(-1);
    return token ?? { kind: 'end', text: '', position: this.text.length, length: 0 };
  }

  private isAtEnd(index = this.index): boolean {
    return this.at(index).kind === 'end';
  }

  private isAtOrder(index = this.index): boolean {
    return keywordOf(this.at(index)) === 'order' && keywordOf(this.at(index + 1)) === 'by';
  }

  /** Whether a word has a meaning of its own here. Those of the order have it only where an order begins. */
  private isReserved(index = this.index): boolean {
    const keyword = keywordOf(this.at(index));
    switch (keyword) {
      case undefined:
      case 'by':
      case 'asc':
      case 'desc':
        return false;
      case 'order':
        return this.isAtOrder(index);
      default:
        return true;
    }
  }

  /** Whether a token makes what stands before it a field. */
  private isOperator(index: number): boolean {
    const keyword = keywordOf(this.at(index));
    const negated = keyword === 'not' ? keywordOf(this.at(index + 1)) : keyword;
    return (
      comparisonOf(this.at(index)) !== undefined ||
      keyword === 'is' ||
      negated === 'in' ||
      negated === 'like' ||
      negated === 'ilike' ||
      negated === 'contains'
    );
  }

  private take(keyword: Keyword): boolean {
    const isThere = keywordOf(this.current) === keyword;
    this.index += isThere ? 1 : 0;
    return isThere;
  }

  private takeSymbol(symbol: string): boolean {
    const isThere = isSymbol(this.current, symbol);
    this.index += isThere ? 1 : 0;
    return isThere;
  }

  private expectSymbol(symbol: string, message = `Expected "${symbol}".`): void {
    if (!this.takeSymbol(symbol)) {
      throw this.error(message);
    }
  }

  /** The field before a token, as it was written. */
  private textBefore(token: Token): string {
    let first = this.tokens.indexOf(token) - 1;
    while (first > 0 && isAdjacent(this.at(first - 1), this.at(first))) {
      first -= 1;
    }
    const last = this.at(this.tokens.indexOf(token) - 1);
    return this.text.slice(this.at(first).position, last.position + last.length).replace(/^\(+/, '');
  }

  private error(message: string, { position, length }: Token = this.current): QueryError {
    return new QueryError(message, { query: this.text, position, length });
  }
}

function isNotANumber(value: Value): boolean {
  return value.kind === 'number' && Number.isNaN(value.number);
}
