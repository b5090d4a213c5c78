const TIME = new Intl.DateTimeFormat(undefined, {hour: '2-digit', minute: '2-digit'});
const DAY = new Intl.DateTimeFormat(undefined, {day: 'numeric', month: 'short'});
const WHOLE = new Intl.DateTimeFormat(undefined, {
  year: 'numeric',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const DAY_S = 86_400;

/** Seconds since 1970 as the viewer writes them, in the viewer's zone. Example: '5 Jan 2026, 07:00'. */
export function inViewersZone(seconds: number): string {
  return WHOLE.format(seconds * 1000);
}

/**
 * Labels of a time axis, as the viewer writes times. Marks a day or more apart carry days; closer ones times, with the day under the first of each.
 *
 * Example: marks of 22:00, 23:00 and 00:00 on 5 and 6 January → '22:00\n5 Jan', '23:00', '00:00\n6 Jan'.
 *
 * @param seconds Since 1970, ascending.
 */
export function axisTimes(seconds: readonly number[]): string[] {
  const [first = 0, second = first + DAY_S] = seconds;
  if (second - first >= DAY_S) return seconds.map((at) => DAY.format(at * 1000));
  return seconds.map((at, place) => {
    const day = DAY.format(at * 1000);
    const isNewDay = place === 0 || DAY.format(seconds[place - 1]! * 1000) !== day;
    return isNewDay ? `${TIME.format(at * 1000)}\n${day}` : TIME.format(at * 1000);
  });
}
