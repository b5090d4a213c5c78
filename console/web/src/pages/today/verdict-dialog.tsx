import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import type {RequestError} from '../../data/client.ts';
import {Dialog} from '../../ui/dialog.tsx';
import {Field, problemAt} from '../../ui/field.tsx';
import {FormActions} from '../../ui/form-actions.tsx';
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
  const [error, setError] = useState<RequestError | null>(null);
  const [tried, setTried] = useState(false);
  const [sending, setSending] = useState(false);

  const pieces = Number(quantity);
  const wrong = {
    quantity:
      verb === 'change' && !(Number.isInteger(pieces) && pieces >= 1) ? 'Whole pieces, 1 or more.' : null,
    reasonCode:
      reasonCode === '' ? 'Choose why: reasons are counted, and the next version learns from them.' : null,
  };
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (reasonCode === '' || wrong.quantity !== null) return;
    const said = {reasonCode, ...(note === '' ? {} : {note})};
    setSending(true);
    const refused = await say(verb === 'change' ? {verb, quantity: pieces, ...said} : {verb, ...said});
    setSending(false);
    if (refused === null) close();
    else setError(refused);
  };
  const refusal = error?.refusal ?? null;
  const isAboutQuantity = refusal?.error.startsWith('quantity-') === true;
  const where = `${item.partId ?? ''} at ${item.depotId ?? ''}`;
  return (
    <Dialog title={verb === 'change' ? `Another quantity: ${where}` : `Reject: ${where}`} close={close}>
      <p>{item.remedy?.text}</p>
      <form onSubmit={(event) => void send(event)} noValidate>
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
        <Field
          label="Reason"
          problem={problemAt(refusal, 'body.reasonCode') ?? (tried ? wrong.reasonCode : null)}
        >
          {(tie) => (
            <select
              {...tie}
              value={reasonCode}
              onChange={(event) => setReasonCode(event.currentTarget.value as ReasonCode)}
            >
              <option value="">Choose …</option>
              {Object.entries(REASONS).map(([code, text]) => (
                <option key={code} value={code}>
                  {text}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Note" hint="Goes into the audit trail." problem={problemAt(refusal, 'body.note')}>
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
        {refusal !== null && refusal.details.length === 0 && !isAboutQuantity && (
          <p class="problem" role="alert">
            {refusal.message}
          </p>
        )}
        <FormActions
          action={verb === 'change' ? 'Order this quantity' : 'Reject'}
          isBusy={sending}
          close={close}
        />
      </form>
    </Dialog>
  );
}
