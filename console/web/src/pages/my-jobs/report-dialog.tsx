import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {actKey} from '../../data/client.ts';
import {PROBLEMS} from '../../data/problems.ts';
import type {Problem} from '../../data/problems.ts';
import {REPORTS_MAX} from '../../data/report-queue.ts';
import type {WaitingReport} from '../../data/report-queue.ts';
import {Dialog} from '../../ui/dialog.tsx';
import {FormActions} from '../../ui/form-actions.tsx';
import {ChoiceField, TextField} from '../../ui/form-fields.tsx';
import type {MyNeed} from '../../ui/need-columns.tsx';

/** Asks what is wrong with the part of a job. What is written is kept at once, and sent as soon as that is possible. */
export function ReportDialog({
  job: {demandId, partId, equipmentId, state},
  by,
  write,
  close,
}: {
  readonly job: MyNeed;
  readonly by: string;
  readonly write: (report: WaitingReport) => boolean;
  readonly close: () => void;
}): JSX.Element {
  const [problem, setProblem] = useState<Problem>('part-missing');
  const [note, setNote] = useState('');
  const [isFull, setIsFull] = useState(false);
  const about = equipmentId === null ? partId : `${partId} for ${equipmentId}`;
  return (
    <Dialog title={about} close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const said = note.trim();
          const body = {demandId, problem, ...(said === '' ? {} : {note: said})};
          if (write({key: actKey(), by, about, body, refusal: null})) close();
          else setIsFull(true);
        }}
      >
        <ChoiceField
          label="What is wrong"
          hint={
            state === 'filled'
              ? 'The part is asked for anew at once'
              : 'The part is still on its way; this is noted'
          }
          problem={null}
          choices={PROBLEMS}
          value={problem}
          set={setProblem}
        />
        <TextField
          label="Note"
          hint="What the next one should know"
          problem={
            isFull
              ? `${REPORTS_MAX} reports wait to be sent, and no more are kept; go where there is a network.`
              : null
          }
          rows={3}
          value={note}
          set={setNote}
        />
        <FormActions action="Report" close={close} />
      </form>
    </Dialog>
  );
}
