import {useMutation, useQueryClient} from '@tanstack/preact-query';
import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
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
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useMutation<unknown, RequestError>({
    mutationFn: () => ask(api.POST('/api/v1/session', {body: {name, password}})),
    // Whatever was read before was read as nobody.
    onSuccess: () => queries.resetQueries(),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        signIn.mutate();
      }}
    >
      <Field label="Name">
        {(tie) => (
          <input
            {...tie}
            value={name}
            autocomplete="username"
            required
            autoFocus
            onInput={({currentTarget}) => setName(currentTarget.value)}
          />
        )}
      </Field>
      <Field label="Password" problem={signIn.error?.refusal.message ?? null}>
        {(tie) => (
          <input
            {...tie}
            type="password"
            value={password}
            autocomplete="current-password"
            required
            onInput={({currentTarget}) => setPassword(currentTarget.value)}
          />
        )}
      </Field>
      <button disabled={signIn.isPending}>Sign in</button>
    </form>
  );
}
