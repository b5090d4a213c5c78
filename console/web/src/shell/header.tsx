import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {Link, useLocation} from 'wouter-preact';
import {useMutation, useQuery, useQueryClient} from '@tanstack/preact-query';
import {api, ask} from '../data/client.ts';
import {forget} from '../data/kept.ts';
import type {LiveState} from '../data/live.ts';
import type {Session} from '../data/session.ts';
import {GROUPS} from '../pages.ts';
import type {PageEntry} from '../pages.ts';
import {Instant} from '../ui/instant.tsx';

/** World time moves on while nothing happens. */
const CLOCK_MS = 5000;

const LIVE: Record<LiveState, string> = {
  connecting: 'connecting …',
  live: 'live',
  broken: 'not connected, trying again',
};

export function Header({
  session,
  pages,
  live,
  help,
}: {
  readonly session: Session;
  readonly pages: readonly PageEntry[];
  readonly live: LiveState;
  /** Shows the keys. */
  readonly help: () => void;
}): JSX.Element {
  const [open, setOpen] = useState(false);
  const status = useQuery({
    queryKey: ['status'],
    queryFn: () => ask(api.GET('/api/v1/status')),
    refetchInterval: CLOCK_MS,
    enabled: session.can('service.read'),
  });
  const groups = GROUPS.filter((group) => pages.some((page) => page.group === group));
  return (
    <header class="top">
      <Link href="/" class="brand">
        <img src="/icon.svg" alt="" width="24" height="24" /> Forestock
      </Link>
      <button class="menu-button" aria-expanded={open} aria-controls="menu" onClick={() => setOpen(!open)}>
        Menu
      </button>
      <nav id="menu" aria-label="Pages" class={open ? 'open' : ''}>
        {groups.map((group) => (
          <Group
            key={group}
            group={group}
            isNamed={groups.length > 1}
            pages={pages}
            went={() => setOpen(false)}
          />
        ))}
      </nav>
      <p class="about quiet">
        {session.can('decisions.read') && (
          <span class={`live ${live}`} role="status">
            {LIVE[live]}
          </span>
        )}
        {status.data && <Instant at={status.data.clock.now} />}
        <span>
          {session.hasPassword ? <Link href="/password">{session.name}</Link> : session.name} · {session.role}
        </span>
        <button class="plain keys-button" onClick={help}>
          Keys
        </button>
        {session.isSignedIn && <SignOut />}
      </p>
    </header>
  );
}

function SignOut(): JSX.Element {
  const queries = useQueryClient();
  const signOut = useMutation({
    mutationFn: () => ask(api.DELETE('/api/v1/session')),
    onSettled: () => {
      forget();
      return queries.resetQueries();
    },
  });
  return (
    <button class="plain" onClick={() => signOut.mutate()}>
      Sign out
    </button>
  );
}

function Group({
  group,
  isNamed,
  pages,
  went,
}: {
  readonly group: string;
  /** Whoever sees one group alone needs no name for it. */
  readonly isNamed: boolean;
  readonly pages: readonly PageEntry[];
  readonly went: () => void;
}): JSX.Element {
  const [path] = useLocation();
  const inGroup = pages.filter((page) => page.group === group);
  return (
    <div class="group">
      {isNamed && (
        <span class="quiet" aria-hidden="true">
          {group}
        </span>
      )}
      <ul aria-label={group}>
        {inGroup.map(({path: at, title}) => (
          <li key={at}>
            <Link href={at} onClick={went} aria-current={isUnder(path, at) ? 'page' : undefined}>
              {title}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** '/backorders/17' is under '/backorders'; nothing but '/' is under '/'. */
function isUnder(path: string, at: string): boolean {
  return path === at || (at !== '/' && path.startsWith(`${at}/`));
}
