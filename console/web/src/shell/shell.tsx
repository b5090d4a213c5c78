import {useQueryClient} from '@tanstack/preact-query';
import type {JSX} from 'preact';
import {Suspense} from 'preact/compat';
import {useEffect, useRef, useState} from 'preact/hooks';
import {Redirect, Route, Switch, useLocation} from 'wouter-preact';
import {useLiveStream} from '../data/live.ts';
import {NobodySignedIn, useSession} from '../data/session.ts';
import {pagesFor} from '../pages.ts';
import {ErrorBoundary} from '../ui/error-boundary.tsx';
import {Failure, Loading} from '../ui/states.tsx';
import {Notices} from '../ui/notices.tsx';
import {useGoKeys, useKeys} from '../ui/keys.ts';
import {Header} from './header.tsx';
import {KeysHelp} from './keys-help.tsx';
import {NotFound} from './not-found.tsx';
import {SignIn} from './sign-in.tsx';

/** The frame of every page: who is signed in, where one can go, whether what one sees is live. */
export function Shell(): JSX.Element {
  const session = useSession();
  const live = useLiveStream(useQueryClient(), session.data?.can('decisions.read') === true);
  const [path] = useLocation();
  const [, go] = useLocation();
  const [isHelping, setHelping] = useState(false);
  const shownPath = useRef(path);
  useEffect(() => {
    if (shownPath.current === path) return;
    shownPath.current = path;
    window.scrollTo(0, 0);
    document.getElementById('main')?.focus({preventScroll: true}); // who cannot see hears that the page is another one
  }, [path]);
  const mine = session.data === undefined ? [] : pagesFor(session.data);
  useGoKeys(
    Object.fromEntries(mine.flatMap(({key, path: at}) => (key === undefined ? [] : [[key, () => go(at)]]))),
  );
  useKeys({'?': () => setHelping(true)});

  if (session.error instanceof NobodySignedIn) return <SignIn ways={session.error.ways} />;
  if (session.error) return <Failure error={session.error} retry={() => void session.refetch()} />;
  if (session.data === undefined) return <Loading what="the console" />;
  const start = mine.find(({group}) => group !== null)?.path;
  return (
    <>
      <a class="skip" href="#main">
        Skip to the page
      </a>
      <Header session={session.data} pages={mine} live={live} help={() => setHelping(true)} />
      <main id="main" tabIndex={-1}>
        <ErrorBoundary key={path}>
          <Suspense fallback={<Loading what="the page" />}>
            <Switch>
              {mine.map(({path: at, component: Component}) => (
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
      {isHelping && <KeysHelp pages={mine} close={() => setHelping(false)} />}
    </>
  );
}
