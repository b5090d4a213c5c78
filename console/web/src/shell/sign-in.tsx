import {useMutation, useQueryClient} from '@tanstack/preact-query';
import type {JSX} from 'preact';
import {api, ask} from '../data/client.ts';
import type {RequestError} from '../data/client.ts';
import type {SignInWays} from '../data/session.ts';
import {Field} from '../ui/field.tsx';

/** Shown when the service says that nobody is signed in. */
export function SignIn({ways}: {readonly ways: SignInWays}): JSX.Element {
  return (
    <main class="sign-in">
      <h1>Forestock</h1>
      {ways.password && <PasswordForm />}
      {ways.oidc !== null && (
        <p>
          <a class="button" href={ways.oidc}>
            Sign in with your organisation
          </a>
        </p>
      )}
      {!ways.password && ways.oidc === null && (
        <p>
          This installation asks for a token (FORESTOCK_API_TOKEN), which a browser does not send. Make a user
          for yourself: <code>forestock user add admin-1 --role admin</code>
        </p>
      )}
    </main>
  );
}

function PasswordForm(): JSX.Element {
  const queries = useQueryClient();
  const signIn = useMutation<unknown, RequestError, {name: string; password: string}>({
    mutationFn: (body) => ask(api.POST('/api/v1/session', {body})),
    // Whatever was read before was read as nobody.
    onSuccess: () => queries.resetQueries(),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        // What stands in the fields now: a state may lag one frame behind a fast Enter.
        const typed = new FormData(event.currentTarget);
        signIn.mutate({name: typed.get('name') as string, password: typed.get('password') as string});
      }}
    >
      <Field label="Name">
        {(tie) => <input {...tie} name="name" autocomplete="username" required autoFocus />}
      </Field>
      <Field label="Password" problem={signIn.error?.refusal.message ?? null}>
        {(tie) => <input {...tie} name="password" type="password" autocomplete="current-password" required />}
      </Field>
      <button disabled={signIn.isPending}>Sign in</button>
    </form>
  );
}
