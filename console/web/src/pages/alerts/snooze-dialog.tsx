import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import type {RequestError} from '../../data/client.ts';
import {useWorldClock} from '../../data/world-now.ts';
import {Dialog} from '../../ui/dialog.tsx';
import {Field, problemAt} from '../../ui/field.tsx';
import {FormActions} from '../../ui/form-actions.tsx';
import {Problem, TextField} from '../../ui/form-fields.tsx';
import {Instant} from '../../ui/instant.tsx';
import {Loading} from '../../ui/states.tsx';
import {useSending} from '../../ui/use-sending.ts';
import {SPANS, atMorning, hoursOn} from './spans.ts';

type Span = (typeof SPANS)[number]['id'] | 'until';

/** Until when somebody is left alone with it, and why; what was typed stays when the service refuses. */
export function SnoozeDialog({
  name,
  snooze,
  close,
}: {
  readonly name: string;
  readonly snooze: (said: {readonly until: string; readonly note?: string}) => Promise<RequestError | null>;
  readonly close: () => void;
}): JSX.Element {
  const now = useWorldClock();
  return (
    <Dialog title={`Not now: ${name}`} close={close}>
      {now === null ? <Loading what="the time" /> : <SnoozeForm now={now} snooze={snooze} close={close} />}
    </Dialog>
  );
}

function SnoozeForm({
  now,
  snooze,
  close,
}: {
  readonly now: string;
  readonly snooze: (said: {readonly until: string; readonly note?: string}) => Promise<RequestError | null>;
  readonly close: () => void;
}): JSX.Element {
  const [span, setSpan] = useState<Span>('4h');
  const [typed, setTyped] = useState('');
  const [note, setNote] = useState('');
  const {tried, refusal, isBusy, submit} = useSending(close);
  const until = untilOf(span, typed, now);
  const wrong = until === null ? 'Give a day and a time.' : until <= now ? 'That has passed already.' : null;
  const send =
    wrong === null && until !== null
      ? () => snooze({until, ...(note.trim() === '' ? {} : {note: note.trim()})})
      : undefined;
  return (
    <form onSubmit={submit(send)} noValidate>
      <Field label="Until" problem={span === 'until' ? null : problemAt(refusal, 'body.until')}>
        {(tie) => (
          <select
            {...tie}
            value={span}
            autoFocus
            onChange={(event) => setSpan(event.currentTarget.value as Span)}
          >
            {SPANS.map(({id, text}) => (
              <option key={id} value={id}>
                {text}
              </option>
            ))}
            <option value="until">a day and a time …</option>
          </select>
        )}
      </Field>
      {span === 'until' && (
        <Field
          label="Day and time"
          hint="Your time"
          problem={(tried ? wrong : null) ?? problemAt(refusal, 'body.until')}
        >
          {(tie) => (
            <input
              {...tie}
              type="datetime-local"
              value={typed}
              onInput={(event) => setTyped(event.currentTarget.value)}
            />
          )}
        </Field>
      )}
      <TextField
        label="Why"
        hint="Optional; goes into the audit trail."
        problem={problemAt(refusal, 'body.note')}
        value={note}
        set={setNote}
      />
      <Problem of={refusal} />
      <p class="quiet">
        {until !== null && wrong === null && (
          <>
            Nobody is told of it until <Instant at={until} />; then it comes back.
          </>
        )}
      </p>
      <FormActions action="Snooze" isBusy={isBusy} close={close} />
    </form>
  );
}

/** ISO 8601 in UTC; null: nothing sensible is typed. */
function untilOf(span: Span, typed: string, now: string): string | null {
  if (span === 'until') {
    const at = new Date(typed);
    return Number.isNaN(at.getTime()) ? null : at.toISOString();
  }
  const {hours} = SPANS.find(({id}) => id === span)!;
  return hours === null ? atMorning(now) : hoursOn(now, hours);
}
