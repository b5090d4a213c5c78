import type {JSX} from 'preact';
import {Instant} from './instant.tsx';

const UTC = /(\d{4}-\d\d-\d\d) (\d\d:\d\d) UTC/;

/**
 * What the service says in words, its instants in the viewer's time zone. Example: in Berlin, 'CH-0001 has said nothing since 2026-01-05 06:00 UTC'
 * is shown as 'CH-0001 has said nothing since 5 Jan, 07:00'.
 */
export function Sentence({children: text}: {readonly children: string}): JSX.Element {
  // A separator with two groups gives: text, date, time, text, date, time, text.
  const parts = text.split(UTC);
  return (
    <>
      {parts.map((part, at) => {
        if (at % 3 === 0) return part;
        return at % 3 === 1 ? <Instant key={at} at={`${part}T${parts[at + 1]!}:00.000Z`} /> : null;
      })}
    </>
  );
}
