import {useParams} from 'wouter-preact';
import {idIn} from './page-address.ts';

/** The ids in the address of the page that is open. Example: `const {depotId} = usePageIds('depotId')`. */
export function usePageIds<Name extends string>(...names: readonly Name[]): Readonly<Record<Name, string>> {
  const params = useParams();
  return Object.fromEntries(names.map((name) => [name, idIn(params[name] ?? '')])) as Record<Name, string>;
}
