const HOUR_MS = 3_600_000;
/** Who snoozes until tomorrow wants it on the desk when the day begins. */
const MORNING_H = 8;

/** How long an alert is left alone; null: until tomorrow morning. */
export const SPANS = [
  {id: '1h', text: 'in an hour', hours: 1},
  {id: '4h', text: 'in 4 hours', hours: 4},
  {id: 'morning', text: 'tomorrow at 8', hours: null},
  {id: '3d', text: 'in 3 days', hours: 72},
  {id: '7d', text: 'in a week', hours: 168},
] as const;

/** Both in ISO 8601 in UTC. Example: '2026-01-05T06:00:00.000Z' and 4 → '2026-01-05T10:00:00.000Z'. */
export function hoursOn(now: string, hours: number): string {
  return new Date(Date.parse(now) + hours * HOUR_MS).toISOString();
}

/** The next day at 8 in the viewer's zone. Example, in UTC: '2026-01-05T22:00:00.000Z' → '2026-01-06T08:00:00.000Z'. */
export function atMorning(now: string): string {
  const day = new Date(now);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1, MORNING_H).toISOString();
}
