import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import type {RequestError} from '../../data/client.ts';
import {Dialog} from '../../ui/dialog.tsx';
import {problemAt} from '../../ui/field.tsx';
import {FormActions} from '../../ui/form-actions.tsx';
import {ChoiceField, Problem, TextField} from '../../ui/form-fields.tsx';
import {useSending} from '../../ui/use-sending.ts';
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
  const {tried, refusal, isBusy, submit} = useSending(close);
  const wrong = note.trim() === '' ? 'Say in a word what was found.' : null;
  const send = wrong === null ? () => resolve({resolution, note: note.trim()}) : undefined;
  return (
    <Dialog title={`Close the case of ${name}`} close={close}>
      <form onSubmit={submit(send)} noValidate>
        <ChoiceField
          label="Found"
          problem={problemAt(refusal, 'body.resolution')}
          choices={RESOLUTIONS}
          value={resolution}
          set={setResolution}
          autoFocus
        />
        <TextField
          label="What was it"
          hint="Goes into the audit trail."
          problem={(tried ? wrong : null) ?? problemAt(refusal, 'body.note')}
          value={note}
          set={setNote}
        />
        <Problem of={refusal} />
        <FormActions action="Close the case" isBusy={isBusy} close={close} />
      </form>
    </Dialog>
  );
}
