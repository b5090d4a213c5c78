import {useMutation, useQuery, useQueryClient} from '@tanstack/preact-query';
import type {JSX} from 'preact';
import {api, ask} from '../data/client.ts';
import type {RequestError} from '../data/client.ts';
import {signIn} from '../data/session.ts';
import {Field} from '../ui/field.tsx';
import {Failure, Loaded} from '../ui/states.tsx';

/** Shown when the service says that nobody is signed in. What was typed stays when it is refused. */
export function SignIn(): JSX.Element {
  const ways = useQuery({queryKey: ['sign-in'], queryFn: () => ask(api.GET('/api/v1/session'))});
  return (
    <main class="sign-in">
      <h1>Forestock</h1>
      <Loaded query={ways} what="how to sign in">
        {({signIn: {password, oidc}}) => (
          <>
            {password && <PasswordForm />}
            {oidc !== null && (
              <p>
                <a href={oidc}>Sign in with your organisation’s account</a>
              </p>
            )}
            {!password && oidc === null && (
              <p>
                This installation has no users yet. Whoever runs it makes the first one:{' '}
                <code>npx forestock user add NAME --role admin</code>
              </p>
            )}
          </>
        )}
      </Loaded>
    </main>
  );
}

function PasswordForm(): JSX.Element {
  const queries = useQueryClient();
  const attempt = useMutation<unknown, RequestError, FormData>({
    mutationFn: (form) => signIn(form.get('name') as string, form.get('password') as string),
    onSuccess: () => queries.resetQueries(),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        attempt.mutate(new FormData(event.currentTarget));
      }}
    >
      <Field label="Name">{(tie) => <input {...tie} name="name" autocomplete="username" required />}</Field>
      <Field label="Password">
        {(tie) => <input {...tie} name="password" type="password" autocomplete="current-password" required />}
      </Field>
      {attempt.error && <Failure error={attempt.error} />}
      <button class="main" disabled={attempt.isPending}>
        {attempt.isPending ? 'Signing in …' : 'Sign in'}
      </button>
    </form>
  );
}
