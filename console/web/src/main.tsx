import {QueryClient, QueryClientProvider} from '@tanstack/preact-query';
import {render} from 'preact';
import {RequestError} from './data/client.ts';
import {Shell} from './shell/shell.tsx';
import './style/base.css';
import './style/ui.css';
import './style/shell.css';

const RETRIES = 2;
/** Nothing is shown as fresh for longer without asking again. */
const STALE_MS = 15_000;

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: STALE_MS,
      // A refusal stays one however often it is asked for; only what was not answered is asked again.
      retry: (failures, error) => failures < RETRIES && !(error instanceof RequestError && error.status > 0),
    },
  },
});

render(
  <QueryClientProvider client={queries}>
    <Shell />
  </QueryClientProvider>,
  document.getElementById('app')!,
);
