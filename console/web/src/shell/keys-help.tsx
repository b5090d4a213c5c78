import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import type {PageEntry} from '../pages.ts';
import {Dialog} from '../ui/dialog.tsx';
import {keysAreOn, turnKeys} from '../ui/keys.ts';

type Keys = readonly (readonly [string, string])[];

const ON_TODAY: Keys = [
  ['j, k', 'next row, row before'],
  ['Enter', 'why: the decision with all that led to it'],
  ['a', 'approve'],
  ['c', 'change the quantity'],
  ['r', 'reject, with a reason'],
  ['x', 'choose or leave out'],
  ['A', 'approve all chosen'],
  ['s', 'mark a risk as seen'],
  ['z', 'snooze: not now'],
  ['u', 'call the last order off'],
  ['n', 'show the list anew'],
];

const ON_WHY: Keys = [
  ['a', 'approve'],
  ['c', 'change the quantity'],
  ['r', 'reject, with a reason'],
];

/** Every key that acts; the pages are those that the user may see. */
export function KeysHelp({
  pages,
  close,
}: {
  readonly pages: readonly PageEntry[];
  readonly close: () => void;
}): JSX.Element {
  const everywhere: Keys = [
    ...pages.flatMap(({key, title}) => (key === undefined ? [] : [[`g ${key}`, title] as const])),
    ['?', 'this help'],
  ];
  const [on, setOn] = useState(keysAreOn);
  return (
    <Dialog title="Keys" close={close}>
      <div class="columns narrow">
        <KeyList title="Everywhere" keys={everywhere} />
        <div>
          <KeyList title="On Today" keys={ON_TODAY} />
          <KeyList title="On a proposal’s page" keys={ON_WHY} />
        </div>
      </div>
      <p>
        <label>
          <input
            type="checkbox"
            checked={on}
            onChange={(event) => {
              turnKeys(event.currentTarget.checked);
              setOn(event.currentTarget.checked);
            }}
          />{' '}
          Single letters act (kept in this browser)
        </label>
      </p>
      <button onClick={close}>Close</button>
    </Dialog>
  );
}

function KeyList({title, keys}: {readonly title: string; readonly keys: Keys}): JSX.Element {
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <dl class="keys">
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
