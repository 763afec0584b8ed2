/** As the English of Britain has them. `Intl` knows them too, but to load what it knows takes longer than all else at a page's start. */
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sept', 'Oct', 'Nov', 'Dec'];

function dayOf(date: Date): string {
  return `${date.getDate()} ${MONTHS[date.getMonth()]}`;
}

function timeOf(date: Date, withSeconds: boolean): string {
  const parts = [date.getHours(), date.getMinutes(), ...(withSeconds ? [date.getSeconds()] : [])];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

/** `20 Nov 2026, 21:33:32`, in the reader's time zone. */
export function formatDate(unixSeconds: number): string {
  const date = new Date(unixSeconds * 1000);
  return `${dayOf(date)} ${date.getFullYear()}, ${timeOf(date, true)}`;
}

/** `21:34` on the same day as `now`, else `18 Nov, 21:34`. */
export function formatShortDate(unixSeconds: number, nowSeconds: number): string {
  const date = new Date(unixSeconds * 1000);
  const isToday = date.toDateString() === new Date(nowSeconds * 1000).toDateString();
  return isToday ? timeOf(date, false) : `${dayOf(date)}, ${timeOf(date, false)}`;
}

export function formatTimeOfDay(unixSeconds: number, withSeconds: boolean): string {
  return timeOf(new Date(unixSeconds * 1000), withSeconds);
}

/** Two units: `0.42 s`, `8 s`, `24 min 08 s`, `1 h 12 min`, `3 d 4 h`. Negative spans count as none. */
export function formatDuration(seconds: number): string {
  const span = Math.max(0, seconds);
  if (span < 1) {
    return span === 0 ? '0 s' : `${Math.max(0.01, span).toFixed(2)} s`;
  }
  const whole = Math.floor(span);
  const part = (value: number): string => String(value).padStart(2, '0');
  if (whole < 60) {
    return `${whole} s`;
  }
  if (whole < 3600) {
    return `${Math.floor(whole / 60)} min ${part(whole % 60)} s`;
  }
  if (whole < 86_400) {
    return `${Math.floor(whole / 3600)} h ${part(Math.floor((whole % 3600) / 60))} min`;
  }
  return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3600)} h`;
}

/** One unit, as an axis shows it: `0`, `30 s`, `1.5 min`, `2 h`, `3 d`. */
export function formatSpan(seconds: number): string {
  if (seconds === 0) {
    return '0';
  }
  const size = Math.abs(seconds);
  const [scale, unit] = size < 60 ? [1, 's'] : size < 3600 ? [60, 'min'] : size < 86_400 ? [3600, 'h'] : [86_400, 'd'];
  return `${String(Number((seconds / scale).toPrecision(3))).replace('-', '−')} ${unit}`;
}

const SPANS = [
  0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600,
  43_200, 86_400, 172_800, 604_800,
];

/** Where an axis of seconds has its ticks: at most about `count`, at spans that clocks know. */
export function timeTicks(min: number, max: number, count: number, offset = 0): number[] {
  const span =
    SPANS.find((candidate) => Math.floor((max - min) / candidate) <= count) ??
    Math.ceil((max - min) / count / 604_800) * 604_800;
  const ticks: number[] = [];
  for (let tick = Math.ceil((min + offset) / span) * span; tick <= max + offset; tick += span) {
    ticks.push(Number((tick - offset).toFixed(3)));
  }
  return ticks;
}
