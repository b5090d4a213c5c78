import type {JSX} from 'preact';
import {useMutation, useQueryClient} from '@tanstack/preact-query';
import {useState} from 'preact/hooks';
import {api, ask} from '../../data/client.ts';
import type {RequestError} from '../../data/client.ts';
import {Dialog} from '../../ui/dialog.tsx';
import {Field, problemAt} from '../../ui/field.tsx';
import {FormActions} from '../../ui/form-actions.tsx';
import {ChoiceField, Problem} from '../../ui/form-fields.tsx';
import {notify} from '../../ui/notices.tsx';
import {NEW_RECIPIENT, addressFields, draftOf, statementOf} from './recipient-draft.ts';
import type {Draft, Recipient} from './recipient-draft.ts';

type Text = Exclude<keyof Draft, 'channel' | 'active'>;

const CHANNELS: Readonly<Record<Recipient['channel'], string>> = {
  email: 'e-mail',
  webhook: 'webhook, signed',
  slack: 'Slack',
  teams: 'Teams',
  pagerduty: 'PagerDuty',
  mqtt: 'MQTT',
  installation: 'the installation’s own webhook or files',
};

/** States a recipient as a whole; what the service refuses stands beside its field, and nothing typed is lost. */
export function RecipientDialog({
  recipient,
  close,
}: {
  readonly recipient: Recipient | typeof NEW_RECIPIENT;
  readonly close: () => void;
}): JSX.Element {
  const isNew = recipient === NEW_RECIPIENT;
  const [draft, setDraft] = useState(() =>
    draftOf(recipient, Intl.DateTimeFormat().resolvedOptions().timeZone),
  );
  const queries = useQueryClient();
  const saving = useMutation<unknown, RequestError>({
    mutationFn: () => {
      const path = {recipientId: draft.recipientId.trim()};
      const language = isNew ? 'en' : recipient.language;
      return ask(
        api.PUT('/api/v1/recipients/{recipientId}', {params: {path}, body: statementOf(draft, language)}),
      );
    },
    onSuccess: () => {
      notify({tone: 'good', text: `${draft.recipientId.trim()} is saved.`});
      close();
      return queries.invalidateQueries({queryKey: ['recipients']});
    },
  });
  const refusal = saving.error?.refusal ?? null;
  const text = (
    name: Text,
    label: string,
    {hint, type = 'text', at = `body.${name}`}: {hint?: string; type?: string; at?: string} = {},
  ): JSX.Element => (
    <Field label={label} {...(hint === undefined ? {} : {hint})} problem={problemAt(refusal, at)}>
      {(tie) => (
        <input
          {...tie}
          type={type}
          value={draft[name]}
          disabled={name === 'recipientId' && !isNew}
          autocomplete="off"
          onInput={(event) => setDraft({...draft, [name]: event.currentTarget.value})}
        />
      )}
    </Field>
  );
  const kept = isNew ? {} : {hint: 'Empty: it stays as it is. It is never shown.'};
  const asked = addressFields(draft.channel);
  return (
    <Dialog title={isNew ? 'Add a recipient' : `Change ${recipient.recipientId}`} close={close}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          saving.mutate();
        }}
      >
        {text('recipientId', 'Name', {at: 'params.recipientId', hint: 'For example planners-warsaw'})}
        {text('role', 'Role', {hint: 'planner, planning-lead, … as the rules name it; *: whatever the role'})}
        <ChoiceField
          label="Channel"
          problem={problemAt(refusal, 'body.channel')}
          choices={CHANNELS}
          value={draft.channel}
          set={(channel) => setDraft({...draft, channel})}
        />
        {asked.includes('email') && text('email', 'E-mail', {type: 'email'})}
        {asked.includes('url') && text('url', 'Address (https)', {type: 'url', ...kept})}
        {asked.includes('key') && text('key', 'Key', {type: 'password', ...kept})}
        {text('hours', 'Hours', {hint: 'Outside of them messages wait: Mon-Fri 07:00-19:00'})}
        {text('timeZone', 'Time zone', {hint: 'IANA name: Europe/Warsaw'})}
        {text('quietBelow', 'At any time from level', {
          type: 'number',
          hint: 'Empty: never outside its hours',
        })}
        {text('perHour', 'Messages an hour', {type: 'number', hint: 'Empty: as the rules say'})}
        {text('kinds', 'Kinds', {hint: 'With commas between; empty: every kind'})}
        {text('depots', 'Depots', {hint: 'With commas between; empty: all'})}
        {text('levelMin', 'From level', {type: 'number'})}
        {text('partyId', 'Party', {hint: 'Empty: our own people'})}
        <p>
          <label>
            <input
              type="checkbox"
              checked={draft.active}
              onChange={(event) => setDraft({...draft, active: event.currentTarget.checked})}
            />{' '}
            Is told
          </label>
        </p>
        <Problem of={refusal} />
        <FormActions action="Save" isBusy={saving.isPending} close={close} />
      </form>
    </Dialog>
  );
}
