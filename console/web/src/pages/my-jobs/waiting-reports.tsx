import type {JSX} from 'preact';
import {PROBLEMS} from '../../data/problems.ts';
import {Section} from '../../ui/page.tsx';
import type {Reports} from './use-reports.ts';

/** Reports that the service does not have yet; nothing where there are none. */
export function WaitingReports({reports: {waiting, drop}}: {readonly reports: Reports}): JSX.Element | null {
  if (waiting.length === 0) return null;
  return (
    <Section title="Not sent yet">
      <ul role="status">
        {waiting.map(({key, about, body: {problem}, refusal}) => (
          <li key={key}>
            {about}: {PROBLEMS[problem]}
            {refusal === null ? (
              <span class="quiet"> – kept here, and sent when there is a network</span>
            ) : (
              <>
                <p class="bad">{refusal}</p>
                <button onClick={() => drop(key)}>Drop the report</button>
              </>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
