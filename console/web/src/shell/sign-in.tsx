import type {JSX} from 'preact';

/** Shown when the service says that nobody is signed in. */
export function SignIn(): JSX.Element {
  return (
    <main class="sign-in">
      <h1>Forestock</h1>
      <p>This installation asks for a token (FORESTOCK_API_TOKEN), which a browser does not send.</p>
    </main>
  );
}
