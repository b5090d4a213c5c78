import {useMutation} from '@tanstack/preact-query';
import type {JSX} from 'preact';
import {useRef} from 'preact/hooks';
import {api, ask} from '../../data/client.ts';
import type {RequestError} from '../../data/client.ts';
import {Field, problemAt} from '../../ui/field.tsx';
import {notify} from '../../ui/notices.tsx';
import {Page, Section} from '../../ui/page.tsx';
import {Failure} from '../../ui/states.tsx';

/** Somebody changes the own password; whoever else is signed in under the name is signed out. */
export default function Password(): JSX.Element {
  const form = useRef<HTMLFormElement>(null);
  const changing = useMutation<unknown, RequestError, {password: string; newPassword: string}>({
    mutationFn: (body) => ask(api.POST('/api/v1/session/password', {body})),
    onSuccess: () => {
      form.current?.reset();
      notify({text: 'Your password is changed; other browsers are signed out.', tone: 'good'});
    },
  });
  const refusal = changing.error?.refusal ?? null;
  const known = ['body.password', 'body.newPassword'].map((path) => problemAt(refusal, path));
  return (
    <Page title="Password">
      <Section title="Change your password">
        <form
          ref={form}
          onSubmit={(event) => {
            event.preventDefault();
            const typed = new FormData(event.currentTarget);
            changing.mutate({
              password: typed.get('password') as string,
              newPassword: typed.get('newPassword') as string,
            });
          }}
        >
          <Field label="Password until now" problem={known[0]!}>
            {(tie) => (
              <input {...tie} name="password" type="password" autocomplete="current-password" required />
            )}
          </Field>
          <Field label="New password" hint="12 characters or more" problem={known[1]!}>
            {(tie) => (
              <input {...tie} name="newPassword" type="password" autocomplete="new-password" required />
            )}
          </Field>
          {changing.error && known.every((problem) => problem === null) && <Failure error={changing.error} />}
          <button class="main" disabled={changing.isPending}>
            {changing.isPending ? 'Working …' : 'Change the password'}
          </button>
        </form>
      </Section>
    </Page>
  );
}
