const secondsPerMinute = 60;
const secondsPerHour = 60 * secondsPerMinute;
const secondsPerDay = 24 * secondsPerHour;

/** The locale of dates for a display language: plain English writes `20 Nov 2026`, as the rest of the product does. */
export function dateLocale(language: string): string {
  return language === 'en' ? 'en-GB' : language;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}

/** A duration in its two largest units: `0.42 s`, `8 s`, `24 min 08 s`, `1 h 12 min`, `3 d 4 h`. */
export function formatDuration(seconds: number): string {
  if (seconds > 0 && seconds < 1) {
    return `${Math.max(0.01, seconds).toFixed(2)} s`;
  }
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(whole / secondsPerMinute);
  const hours = Math.floor(whole / secondsPerHour);
  const days = Math.floor(whole / secondsPerDay);
  if (days > 0) {
    return `${days} d ${hours % 24} h`;
  }
  if (hours > 0) {
    return `${hours} h ${pad(minutes % 60)} min`;
  }
  if (minutes > 0) {
    return `${minutes} min ${pad(whole % secondsPerMinute)} s`;
  }
  return `${whole} s`;
}

/** A size in decimal units: `812 B`, `1.4 kB`, `23 MB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 9.95 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** How long ago something was, in one unit: `now` below a minute, then `4 min`, `4 h`, `3 d`, `2 y`. */
export function formatAge(seconds: number): string {
  if (seconds < secondsPerMinute) {
    return 'now';
  }
  if (seconds < secondsPerHour) {
    return `${Math.floor(seconds / secondsPerMinute)} min`;
  }
  if (seconds < secondsPerDay) {
    return `${Math.floor(seconds / secondsPerHour)} h`;
  }
  const days = Math.floor(seconds / secondsPerDay);
  return days < 365 ? `${days} d` : `${Math.floor(days / 365)} y`;
}

/** A time of day, with the date in front unless it is that of `now`. Both are Unix seconds. */
export function formatMoment(time: number, now: number, locale?: string): string {
  const date = new Date(time * 1000);
  const isToday = date.toDateString() === new Date(now * 1000).toDateString();
  return new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(isToday ? {} : { day: 'numeric', month: 'short' }),
  }).format(date);
}

/** The full date of a time in Unix seconds, as `20 Nov 2026, 21:33:32`. */
export function formatFullDate(time: number, locale?: string): string {
  return new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(time * 1000));
}

/** The first line of a text, cut to `maxLength` code points. For rows, where a whole message has no room. */
export function firstLine(text: string, maxLength: number): string {
  const line = text.split(/\r\n|\r|\n/, 1)[0] ?? '';
  const points = [...line];
  return points.length > maxLength ? `${points.slice(0, maxLength - 1).join('')}…` : line;
}

/** Makes text from a run literal in a notification, where VS Code would make `[text](command:…)` a link that runs a command. */
export function plainMessage(text: string): string {
  return text.replace(/\]\(/g, ']\u200B(');
}

/** Makes text from a run literal in a quick pick or the status bar, where VS Code would make `$(name)` an icon. */
export function plainLabel(text: string): string {
  return text.replace(/\$\(/g, '\\$(');
}

/** Makes text from a run literal in Markdown: nothing in it becomes a link, an image, an icon or HTML. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_{}[\]()#+\-.!|~$:@/]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/\r\n|\r|\n/g, ' ');
}
