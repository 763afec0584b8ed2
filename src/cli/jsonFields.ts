import { RunledgerError } from '../core/base/errors.ts';
import { isJsonObject, type JsonObject } from '../core/store/jsonFile.ts';

/** The fields of a JSON object, checked as they are read. A field that is null is absent. Errors: `invalid-argument`. */
export class JsonFields {
  private readonly value: JsonObject;

  constructor(value: JsonObject) {
    this.value = value;
  }

  text(name: string): string {
    const text = this.optionalText(name);
    if (text === undefined) {
      throw new RunledgerError('invalid-argument', `The request has no "${name}".`);
    }
    return text;
  }

  optionalText(name: string): string | undefined {
    return this.checked(name, 'a text', (value): value is string => typeof value === 'string');
  }

  optionalTexts(name: string): readonly string[] | undefined {
    return this.checked(
      name,
      'a list of texts',
      (value): value is string[] => Array.isArray(value) && value.every((item) => typeof item === 'string'),
    );
  }

  optionalTextMap(name: string): Readonly<Record<string, string>> | undefined {
    return this.checked(
      name,
      'an object of texts',
      (value): value is Record<string, string> =>
        isJsonObject(value) && Object.values(value).every((item) => typeof item === 'string'),
    );
  }

  /** Empty where it is absent. */
  object(name: string): JsonObject {
    return this.checked(name, 'an object', isJsonObject) ?? {};
  }

  private checked<T>(name: string, kind: string, is: (value: unknown) => value is T): T | undefined {
    const value = this.value[name];
    if (value === undefined || value === null) {
      return undefined;
    }
    if (!is(value)) {
      throw new RunledgerError('invalid-argument', `"${name}" of the request must be ${kind}.`);
    }
    return value;
  }
}
