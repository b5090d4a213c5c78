import {useMutation, useQueryClient} from '@tanstack/preact-query';
import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {CAUSES} from '../../data/backorders.ts';
import type {Backorder, Cause} from '../../data/backorders.ts';
import {api, ask, RequestError} from '../../data/client.ts';
import {problemAt} from '../../ui/field.tsx';
import {ChoiceField, Problem, TextField} from '../../ui/form-fields.tsx';
import {notify} from '../../ui/notices.tsx';

/** Says what the cause was when the evidence does not show it; the automatic tags stay beside it. */
export function CauseForm({
  demandId,
  correction,
}: {
  readonly demandId: string;
  readonly correction: Backorder['correction'];
}): JSX.Element {
  const queries = useQueryClient();
  const [cause, setCause] = useState<Cause | ''>(correction?.cause ?? '');
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const correct = useMutation({
    mutationFn: (body: {cause: Cause; reason: string}) =>
      ask(api.POST('/api/v1/backorders/{demandId}/correct', {params: {path: {demandId}}, body})),
    onSuccess: () => {
      notify({tone: 'good', text: 'The cause is corrected.'});
      setReason('');
      setTried(false);
      void queries.invalidateQueries({queryKey: ['backorders']});
    },
  });
  const refusal = correct.error instanceof RequestError ? correct.error.refusal : null;
  const send = (event: Event): void => {
    event.preventDefault();
    setTried(true);
    if (cause !== '' && reason.trim() !== '') correct.mutate({cause, reason});
  };
  return (
    <details>
      <summary>It was something else</summary>
      <form onSubmit={send} noValidate>
        <ChoiceField
          label="Cause it was"
          problem={problemAt(refusal, 'body.cause') ?? (tried && cause === '' ? 'Choose one.' : null)}
          choices={CAUSES}
          value={cause}
          set={setCause}
        />
        <TextField
          label="What the evidence does not show"
          problem={
            problemAt(refusal, 'body.reason') ??
            (tried && reason.trim() === '' ? 'Say why: it is kept with it.' : null)
          }
          value={reason}
          set={setReason}
        />
        <Problem of={refusal} />
        <button type="submit" disabled={correct.isPending}>
          Correct the cause
        </button>
      </form>
    </details>
  );
}
