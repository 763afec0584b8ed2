/** Stands in run.json for the value of a variable that looks like a secret. */
export const hiddenValue = '(hidden)';

const secretName =
  /pass(word|wd|phrase)?$|secret|token|credential|api_?key|access_?key|account_?key|private_?key|conn(ection)?_?str|^sas_|_sas$|_pat$|_auth$/i;
/** Credentials in an address, as in `postgres://user:password@host`. */
const secretValue = /:\/\/[^/\s:@]*:[^/\s@]+@/;

/** All of them in a text, and tokens alone, as in `git+https://token@host`. The user of `ssh://git@host` is no secret. */
const credentials = /(https?:\/\/)[^/\s@]+@|(:\/\/)[^/\s:@]*:[^/\s@]+@/gi;

/** Whether a variable looks like a secret, by its name or its value. */
export function isSecret(name: string, value: string): boolean {
  return secretName.test(name) || secretValue.test(value);
}

/** Environment variables as they may be stored: the values of those that look like secrets are left out. */
export function withoutSecrets(variables: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, isSecret(name, value) ? hiddenValue : value]),
  );
}

/** A JSON value as it may be stored: fields and addresses in it that look like secrets are left out. */
export function valueWithoutSecrets(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.replace(credentials, `$1$2${hiddenValue}@`);
  }
  if (Array.isArray(value)) {
    return value.map(valueWithoutSecrets);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      typeof field === 'string' && field !== '' && secretName.test(name) ? hiddenValue : valueWithoutSecrets(field),
    ]),
  );
}
