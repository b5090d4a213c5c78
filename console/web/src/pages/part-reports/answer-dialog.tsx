import {useMutation, useQueryClient} from '@tanstack/preact-query';
import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {api, ask} from '../../data/client.ts';
import type {RequestError} from '../../data/client.ts';
import {PROBLEMS} from '../../data/problems.ts';
import {Dialog} from '../../ui/dialog.tsx';
import {problemAt} from '../../ui/field.tsx';
import {FormActions} from '../../ui/form-actions.tsx';
import {Problem, TextField} from '../../ui/form-fields.tsx';
import {notify} from '../../ui/notices.tsx';
import type {PartReport} from '../../ui/report-columns.tsx';

/** What the technician is told, and whether the pieces are sent again; what was typed stays when the service refuses. */
export function AnswerDialog({
  report: {reportId, problem, openedDemandId, need, answer: before},
  close,
}: {
  readonly report: PartReport;
  readonly close: () => void;
}): JSX.Element {
  const queries = useQueryClient();
  const [answer, setAnswer] = useState(before ?? '');
  const [callOff, setCallOff] = useState(false);
  const [tried, setTried] = useState(false);
  const missing = answer.trim() === '' ? 'Say what the technician is to know.' : null;
  const sending = useMutation<unknown, RequestError>({
    mutationFn: () =>
      ask(
        api.POST('/api/v1/part-reports/{reportId}/answer', {
          params: {path: {reportId}},
          body: {answer: answer.trim(), callOff},
        }),
      ),
    onSuccess: () => {
      notify({tone: 'good', text: 'The report is answered.'});
      void queries.invalidateQueries({queryKey: ['part-reports']});
      close();
    },
  });
  const refusal = sending.error?.refusal ?? null;
  return (
    <Dialog title={`${PROBLEMS[problem]}: ${need?.partId ?? 'the part'}`} close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (missing === null) sending.mutate();
        }}
        noValidate
      >
        <TextField
          label="Answer"
          hint="The technician reads it beside the report"
          problem={problemAt(refusal, 'body.answer') ?? (tried ? missing : null)}
          rows={3}
          value={answer}
          set={setAnswer}
        />
        {openedDemandId !== null && need?.state === 'open' && (
          <p>
            <label>
              <input
                type="checkbox"
                checked={callOff}
                onChange={(event) => setCallOff(event.currentTarget.checked)}
              />{' '}
              Do not send the pieces again: call off the need that the report opened
            </label>
          </p>
        )}
        <Problem of={refusal} />
        <FormActions action="Answer" isBusy={sending.isPending} close={close} />
      </form>
    </Dialog>
  );
}
