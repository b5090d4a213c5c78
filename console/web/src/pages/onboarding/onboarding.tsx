import {useMutation, useQuery} from '@tanstack/preact-query';
import type {JSX} from 'preact';
import {useEffect, useState} from 'preact/hooks';
import {api, ask, RequestError} from '../../data/client.ts';
import type {Refusal} from '../../data/client.ts';
import {useSession} from '../../data/session.ts';
import {Field} from '../../ui/field.tsx';
import {notify} from '../../ui/notices.tsx';
import {Page, Section} from '../../ui/page.tsx';
import {Empty, Failure, Loaded} from '../../ui/states.tsx';
import {EquipmentClass} from './equipment-class.tsx';
import {PreviewTable} from './preview.tsx';
import {EMPTY_DRAFT, profileOf, readRules} from './profile-draft.ts';
import type {Letter, ProfileDraft} from './profile-draft.ts';
import {ProfileFields} from './profile-fields.tsx';

/** A pause in typing after which the message is read again. */
const PAUSE_MS = 400;

/** Equipment of a new kind: its class with signals, and how its messages are to be read, tried on a real one while typing. */
export default function Onboarding(): JSX.Element {
  const session = useSession();
  const [draft, setDraft] = useState<ProfileDraft>(EMPTY_DRAFT);
  const [classId, setClassId] = useState('');
  const [topic, setTopic] = useState('');
  const [payload, setPayload] = useState('');
  const choices = useQuery({
    queryKey: ['equipment-choices'],
    queryFn: () => ask(api.GET('/api/v1/equipment-choices')),
  });
  const letters = useQuery({
    queryKey: ['dead-letters', 'rejected', 25],
    queryFn: () => ask(api.GET('/api/v1/dead-letters', {params: {query: {state: 'rejected', limit: 25}}})),
  });
  const {problem} = readRules(draft.signals);
  const wish = useLater(JSON.stringify({draft, classId, topic, payload}));
  const complete = draft.topicTemplate !== '' && classId !== '' && topic !== '' && payload !== '';
  const preview = useQuery({
    queryKey: ['profile-preview', wish],
    enabled: complete && problem === null,
    placeholderData: (before) => before,
    queryFn: () =>
      ask(
        api.POST('/api/v1/profiles/preview', {
          body: {profile: profileOf(draft), equipmentClassId: classId, packets: [{topic, payload}]},
        }),
      ),
  });
  const saving = useMutation({
    mutationFn: () =>
      ask(
        api.PUT('/api/v1/parameters/{key}', {
          params: {path: {key: 'ingest.profiles'}},
          body: {change: {[draft.name]: profileOf(draft)}},
        }),
      ),
    onSuccess: () =>
      notify({text: `Profile ${draft.name} is in force: messages on its topic are read by it`, tone: 'good'}),
  });
  const pick = async ({deadLetterId}: Letter): Promise<void> => {
    const whole = await ask(api.GET('/api/v1/dead-letters/{deadLetterId}', {params: {path: {deadLetterId}}}));
    setTopic(whole.topic);
    setPayload(whole.payload ?? '');
  };
  const refusal = refusalOf(saving.error) ?? refusalOf(preview.error);
  const taken = preview.data?.messages.filter(({reading}) => reading !== null).length ?? 0;
  const mayState = session.data?.can('parameters.change') === true;
  return (
    <Page title="Onboarding">
      <Loaded query={choices} what="the classes">
        {({classes}) => (
          <EquipmentClass
            classes={classes}
            classId={classId}
            choose={setClassId}
            mayImport={session.data?.can('master-data.import') === true}
          />
        )}
      </Loaded>
      <div class="columns">
        <Section title="A message">
          <Field label="Take one that was refused" hint="Or paste one below">
            {(tie) => (
              <select
                {...tie}
                value=""
                onChange={(event) => {
                  const id = event.currentTarget.value;
                  const letter = letters.data?.deadLetters.find((one) => one.deadLetterId === id);
                  if (letter !== undefined)
                    pick(letter).catch((error: unknown) =>
                      notify({text: error instanceof Error ? error.message : String(error), tone: 'bad'}),
                    );
                }}
              >
                <option value="">choose …</option>
                {(letters.data?.deadLetters ?? []).map(({deadLetterId, topic: at, reason}) => (
                  <option key={deadLetterId} value={deadLetterId}>
                    {at}: {reason}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label="Topic">
            {(tie) => (
              <input {...tie} value={topic} onInput={(event) => setTopic(event.currentTarget.value)} />
            )}
          </Field>
          <Field label="Payload">
            {(tie) => (
              <textarea
                {...tie}
                class="code"
                rows={10}
                spellcheck={false}
                value={payload}
                onInput={(event) => setPayload(event.currentTarget.value)}
              />
            )}
          </Field>
        </Section>
        <Section title="How to read it">
          <ProfileFields draft={draft} set={setDraft} refusal={refusal} rulesProblem={problem} />
        </Section>
      </div>
      <Section
        title="What comes of it"
        actions={
          mayState && (
            <button
              class="main"
              disabled={taken === 0 || draft.name === '' || saving.isPending || preview.isPlaceholderData}
              onClick={() => saving.mutate()}
            >
              {saving.isPending ? 'Saving …' : 'Save the profile'}
            </button>
          )
        }
      >
        {saving.error && <Failure error={saving.error} />}
        {!complete ? (
          <Empty>
            Choose a class, give a message and its topic template: each message is read as you type.
          </Empty>
        ) : preview.error ? (
          <Failure error={preview.error} />
        ) : (
          preview.data && <PreviewTable messages={preview.data.messages} />
        )}
      </Section>
    </Page>
  );
}

function refusalOf(error: Error | null): Refusal | null {
  return error instanceof RequestError ? error.refusal : null;
}

/** A value once it has stood still for a moment. */
function useLater(value: string): string {
  const [later, setLater] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setLater(value), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return later;
}
