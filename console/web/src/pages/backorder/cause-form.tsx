import {useMutation, useQueryClient} from '@tanstack/preact-query';
import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {CAUSES} from '../../data/backorders.ts';
import type {Backorder, Cause} from '../../data/backorders.ts';
import {api, ask, RequestError} from '../../data/client.ts';
import {Field, problemAt} from '../../ui/field.tsx';
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
        <Field
          label="Cause it was"
          problem={problemAt(refusal, 'body.cause') ?? (tried && cause === '' ? 'Choose one.' : null)}
        >
          {(tie) => (
            <select {...tie} value={cause} onChange={(event) => setCause(event.currentTarget.value as Cause)}>
              <option value="">Choose …</option>
              {Object.entries(CAUSES).map(([code, text]) => (
                <option key={code} value={code}>
                  {text}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field
          label="What the evidence does not show"
          problem={
            problemAt(refusal, 'body.reason') ??
            (tried && reason.trim() === '' ? 'Say why: it is kept with it.' : null)
          }
        >
          {(tie) => (
            <textarea
              {...tie}
              rows={2}
              maxLength={2000}
              value={reason}
              onInput={(event) => setReason(event.currentTarget.value)}
            />
          )}
        </Field>
        {refusal !== null && refusal.details.length === 0 && (
          <p class="problem" role="alert">
            {refusal.message}
          </p>
        )}
        <button type="submit" disabled={correct.isPending}>
          Correct the cause
        </button>
      </form>
    </details>
  );
}
