import type {JSX} from 'preact';
import {useSearchParams} from 'wouter-preact';
import {Field} from '../../ui/field.tsx';

const WINDOWS = [7, 28, 91, 365] as const;
const WINDOW_DEFAULT = 28;

/** Days back from the world's now, kept in the address: a link shows the same window. */
export function useWindowDays(): readonly [days: number, set: (days: number) => void] {
  const [search, setSearch] = useSearchParams();
  const asked = Number(search.get('days'));
  const days = WINDOWS.find((one) => one === asked) ?? WINDOW_DEFAULT;
  return [
    days,
    (next) =>
      setSearch((now) => {
        const changed = new URLSearchParams(now);
        changed.set('days', String(next));
        return changed;
      }),
  ];
}

/** From this instant on: so many days before now, world time. */
export function windowFrom(now: string, days: number): string {
  return new Date(Date.parse(now) - days * 86_400_000).toISOString();
}

export function WindowField({
  days,
  set,
}: {
  readonly days: number;
  readonly set: (days: number) => void;
}): JSX.Element {
  return (
    <Field label="Window">
      {(tie) => (
        <select {...tie} value={days} onChange={(event) => set(Number(event.currentTarget.value))}>
          {WINDOWS.map((one) => (
            <option key={one} value={one}>
              last {one} days
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
