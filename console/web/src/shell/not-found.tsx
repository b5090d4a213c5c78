import type {JSX} from 'preact';
import {Link} from 'wouter-preact';
import {Page} from '../ui/page.tsx';

export function NotFound(): JSX.Element {
  return (
    <Page title="There is no such page">
      <p>
        The address is wrong, or your role does not see what is there.{' '}
        <Link href="/">Go to your start page</Link>.
      </p>
    </Page>
  );
}
