import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import type {RequestError} from '../../data/client.ts';
import {Dialog} from '../../ui/dialog.tsx';
import {Field, problemAt} from '../../ui/field.tsx';
import {FormActions} from '../../ui/form-actions.tsx';
import type {Resolution} from './answers.ts';

const RESOLUTIONS: Readonly<Record<Resolution, string>> = {
  'one-off': 'one-off: it will not come again',
  lasting: 'lasting: demand has changed',
  planned: 'planned: somebody knew of it',
  'wrong-data': 'wrong data: the books were wrong',
};

/** What somebody found who looked into a case; what was typed stays when the service refuses. */
export function ResolveDialog({
  name,
  resolve,
  close,
}: {
  readonly name: string;
  readonly resolve: (found: {
    readonly resolution: Resolution;
    readonly note: string;
  }) => Promise<RequestError | null>;
  readonly close: () => void;
}): JSX.Element {
  const [resolution, setResolution] = useState<Resolution>('one-off');
  const [note, setNote] = useState('');
  const [tried, setTried] = useState(false);
  const [error, setError] = useState<RequestError | null>(null);
  const [sending, setSending] = useState(false);
  const wrong = note.trim() === '' ? 'Say in a word what was found.' : null;
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (wrong !== null) return;
    setSending(true);
    const refused = await resolve({resolution, note: note.trim()});
    setSending(false);
    if (refused === null) close();
    else setError(refused);
  };
  return (
    <Dialog title={`Close the case of ${name}`} close={close}>
      <form onSubmit={(event) => void send(event)} noValidate>
        <Field label="Found" problem={problemAt(error?.refusal ?? null, 'body.resolution')}>
          {(tie) => (
            <select
              {...tie}
              value={resolution}
              autoFocus
              onChange={(event) => setResolution(event.currentTarget.value as Resolution)}
            >
              {Object.entries(RESOLUTIONS).map(([code, text]) => (
                <option key={code} value={code}>
                  {text}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field
          label="What was it"
          hint="Goes into the audit trail."
          problem={(tried ? wrong : null) ?? problemAt(error?.refusal ?? null, 'body.note')}
        >
          {(tie) => (
            <textarea
              {...tie}
              rows={2}
              maxLength={2000}
              value={note}
              onInput={(event) => setNote(event.currentTarget.value)}
            />
          )}
        </Field>
        {error !== null && error.refusal.details.length === 0 && (
          <p class="problem" role="alert">
            {error.message}
          </p>
        )}
        <FormActions action="Close the case" isBusy={sending} close={close} />
      </form>
    </Dialog>
  );
}
