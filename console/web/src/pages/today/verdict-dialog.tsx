import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import type {RequestError} from '../../data/client.ts';
import {Dialog} from '../../ui/dialog.tsx';
import {Field, problemAt} from '../../ui/field.tsx';
import {FormActions} from '../../ui/form-actions.tsx';
import {ChoiceField, Problem, TextField} from '../../ui/form-fields.tsx';
import {useSending} from '../../ui/use-sending.ts';
import {REASONS} from './reasons.ts';
import type {ReasonCode, Verdict, Proposal} from './verdicts.ts';

/** Asks for another quantity or for a no, with the reason; what was typed stays when the service refuses. */
export function VerdictDialog({
  item,
  verb,
  say,
  close,
}: {
  readonly item: Proposal;
  readonly verb: 'change' | 'reject';
  readonly say: (verdict: Verdict) => Promise<RequestError | null>;
  readonly close: () => void;
}): JSX.Element {
  const [quantity, setQuantity] = useState(String(item.remedy?.quantity ?? 1));
  const [reasonCode, setReasonCode] = useState<ReasonCode | ''>('');
  const [note, setNote] = useState('');
  const {tried, refusal, isBusy, submit} = useSending(close);

  const pieces = Number(quantity);
  const wrong = {
    quantity:
      verb === 'change' && !(Number.isInteger(pieces) && pieces >= 1) ? 'Whole pieces, 1 or more.' : null,
    reasonCode:
      reasonCode === '' ? 'Choose why: reasons are counted, and the next version learns from them.' : null,
  };
  const act = (): Promise<RequestError | null> => {
    const said = {reasonCode: reasonCode as ReasonCode, ...(note === '' ? {} : {note})};
    return say(verb === 'change' ? {verb, quantity: pieces, ...said} : {verb, ...said});
  };
  const send = wrong.quantity === null && wrong.reasonCode === null ? act : undefined;
  const isAboutQuantity = refusal?.error.startsWith('quantity-') === true;
  const where = `${item.partId ?? ''} at ${item.depotId ?? ''}`;
  return (
    <Dialog title={verb === 'change' ? `Another quantity: ${where}` : `Reject: ${where}`} close={close}>
      <p>{item.remedy?.text}</p>
      <form onSubmit={submit(send)} noValidate>
        {verb === 'change' && (
          <Field
            label="Quantity"
            unit="pieces"
            problem={
              isAboutQuantity
                ? refusal.message
                : (problemAt(refusal, 'body.quantity') ?? (tried ? wrong.quantity : null))
            }
          >
            {(tie) => (
              <input
                {...tie}
                type="number"
                min={1}
                step={1}
                value={quantity}
                onInput={(event) => setQuantity(event.currentTarget.value)}
              />
            )}
          </Field>
        )}
        <ChoiceField
          label="Reason"
          problem={problemAt(refusal, 'body.reasonCode') ?? (tried ? wrong.reasonCode : null)}
          choices={REASONS}
          value={reasonCode}
          set={setReasonCode}
        />
        <TextField
          label="Note"
          hint="Goes into the audit trail."
          problem={problemAt(refusal, 'body.note')}
          value={note}
          set={setNote}
        />
        <Problem of={isAboutQuantity ? null : refusal} />
        <FormActions
          action={verb === 'change' ? 'Order this quantity' : 'Reject'}
          isBusy={isBusy}
          close={close}
        />
      </form>
    </Dialog>
  );
}
