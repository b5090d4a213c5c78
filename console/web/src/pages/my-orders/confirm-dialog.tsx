import {useMutation} from '@tanstack/preact-query';
import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {actKey, api, ask} from '../../data/client.ts';
import type {RequestError} from '../../data/client.ts';
import {Dialog} from '../../ui/dialog.tsx';
import {Field} from '../../ui/field.tsx';
import {FormActions} from '../../ui/form-actions.tsx';
import {notify} from '../../ui/notices.tsx';
import {Failure} from '../../ui/states.tsx';
import type {MyOrder} from './order-columns.tsx';

/** Noon in UTC is the same day in every time zone that has offices. */
const NOON = 'T12:00:00.000Z';

/** Asks when an order will come. @param today World day: '2026-01-05'. */
export function ConfirmDialog({
  order: {orderId, partId, qty, dueAt},
  today,
  close,
  done,
}: {
  readonly order: MyOrder;
  readonly today: string;
  readonly close: () => void;
  readonly done: () => void;
}): JSX.Element {
  const due = dueAt.slice(0, 10);
  const [day, setDay] = useState(due < today ? '' : due);
  // One key as long as the day stays: a second press of the button is the same act.
  const [key, setKey] = useState(actKey);
  const confirming = useMutation<unknown, RequestError>({
    mutationFn: () =>
      ask(
        api.POST('/api/v1/my/orders/{orderId}/confirmation', {
          params: {path: {orderId}},
          body: {promisedAt: `${day}${NOON}`, sourceKey: key},
        }),
      ),
    onSuccess: () => {
      notify({text: `${partId}: ${qty} pieces confirmed for ${day}.`, tone: 'good'});
      done();
      close();
    },
  });
  return (
    <Dialog title={`${qty} × ${partId}`} close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          confirming.mutate();
        }}
      >
        <Field label="Will be delivered on" hint="The day at the depot; you can change it later">
          {(tie) => (
            <input
              {...tie}
              type="date"
              required
              min={today}
              value={day}
              onInput={(event) => {
                setDay(event.currentTarget.value);
                setKey(actKey());
              }}
            />
          )}
        </Field>
        {confirming.error && <Failure error={confirming.error} />}
        <FormActions action="Confirm" isBusy={confirming.isPending} close={close} />
      </form>
    </Dialog>
  );
}
