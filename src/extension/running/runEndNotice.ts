import type { RunStatus } from '../../core/domain/runStatus.ts';

/** When the end of a run is told: the values of the setting. */
export const noticeChoices = ['always', 'failures', 'unfocused', 'never'] as const;
export type NoticeChoice = (typeof noticeChoices)[number];

export const defaultNoticeChoice: NoticeChoice = 'always';

export function isNoticeChoice(value: unknown): value is NoticeChoice {
  return (noticeChoices as readonly unknown[]).includes(value);
}

export interface EndCircumstances {
  readonly status: RunStatus;
  readonly isWindowFocused: boolean;
  /** Whether the page of the run is in front of the person. */
  readonly isPageVisible: boolean;
}

/**
 * Whether a person is told that a run ended. Whoever looks at its page knows already, and whoever canceled it wanted it: then a
 * message would only be in the way.
 */
export function isEndTold(choice: NoticeChoice, { status, isWindowFocused, isPageVisible }: EndCircumstances): boolean {
  if (status === 'Canceled' || (isWindowFocused && isPageVisible)) {
    return false;
  }
  switch (choice) {
    case 'always':
      return true;
    case 'failures':
      return status === 'Failed';
    case 'unfocused':
      return !isWindowFocused;
    case 'never':
      return false;
  }
}
