import type {JSX} from 'preact';

const SHORT = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const WITH_YEAR = new Intl.DateTimeFormat(undefined, {
  year: 'numeric',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

/** '2026-01-05T06:00:00.000Z' → '2026-01-05 06:00 UTC'. */
export function inUtc(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}

/** An instant in the viewer's time zone; in UTC when the pointer rests on it. `at` is ISO 8601 in UTC. */
export function Instant({at, year = false}: {readonly at: string; readonly year?: boolean}): JSX.Element {
  return (
    <time dateTime={at} title={inUtc(at)}>
      {(year ? WITH_YEAR : SHORT).format(new Date(at))}
    </time>
  );
}

/** 26.4 hours → '26 h'; 80 hours → '3.3 days'; 168 hours → '7 days'; 7,862 hours → '328 days'. */
export function hours(count: number): string {
  if (count < 1) return `${Math.round(count * 60)} min`;
  if (count < 72) return `${Math.round(count)} h`;
  const days = count / 24;
  return `${days < 100 ? Number(days.toFixed(1)) : Math.round(days)} days`;
}
