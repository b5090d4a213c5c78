import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {Dialog} from '../../ui/dialog.tsx';
import {keysAreOn, turnKeys} from '../../ui/keys.ts';

const KEYS: readonly (readonly [string, string])[] = [
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
  ['?', 'this help'],
];

export function KeysHelp({close}: {readonly close: () => void}): JSX.Element {
  const [on, setOn] = useState(keysAreOn);
  return (
    <Dialog title="Keys" close={close}>
      <dl class="keys">
        {KEYS.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
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
