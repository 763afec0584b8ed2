import { userInfo } from 'node:os';

/** The user's name as the system has it; null where it has none. */
export function userName(): string | null {
  try {
    return userInfo().username;
  } catch {
    return null;
  }
}
