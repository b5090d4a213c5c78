import {useQueryClient} from '@tanstack/preact-query';
import type {JSX} from 'preact';
import {Suspense} from 'preact/compat';
import {useEffect} from 'preact/hooks';
import {Redirect, Route, Switch, useLocation} from 'wouter-preact';
import {useLiveStream} from '../data/live.ts';
import {NobodySignedIn, useSession} from '../data/session.ts';
import {pagesFor} from '../pages.ts';
import {ErrorBoundary} from '../ui/error-boundary.tsx';
import {Failure, Loading} from '../ui/states.tsx';
import {Notices} from '../ui/notices.tsx';
import {Header} from './header.tsx';
import {NotFound} from './not-found.tsx';
import {SignIn} from './sign-in.tsx';

/** The frame of every page: who is signed in, where one can go, whether what one sees is live. */
export function Shell(): JSX.Element {
  const session = useSession();
  const live = useLiveStream(useQueryClient(), session.data?.can('decisions.read') === true);
  const [path] = useLocation();
  useEffect(() => window.scrollTo(0, 0), [path]);

  if (session.error instanceof NobodySignedIn) return <SignIn ways={session.error.ways} />;
  if (session.error) return <Failure error={session.error} retry={() => void session.refetch()} />;
  if (session.data === undefined) return <Loading what="the console" />;
  const pages = pagesFor(session.data);
  const start = pages.find(({group}) => group !== null)?.path;
  return (
    <>
      <a class="skip" href="#main">
        Skip to the page
      </a>
      <Header session={session.data} pages={pages} live={live} />
      <main id="main" tabIndex={-1}>
        <ErrorBoundary key={path}>
          <Suspense fallback={<Loading what="the page" />}>
            <Switch>
              {pages.map(({path: at, component: Component}) => (
                <Route key={at} path={at}>
                  <Component />
                </Route>
              ))}
              {start !== undefined && start !== '/' && (
                <Route path="/">
                  <Redirect to={start} replace />
                </Route>
              )}
              <Route>
                <NotFound />
              </Route>
            </Switch>
          </Suspense>
        </ErrorBoundary>
      </main>
      <Notices />
    </>
  );
}
