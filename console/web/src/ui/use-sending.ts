import {useState} from 'preact/hooks';
import type {Refusal, RequestError} from '../data/client.ts';

/**
 * The sending of a form: `tried` from the first attempt on, so that nobody is told of an empty field before; `refusal` of the
 * last one; `close` once it went through. What was typed stays with whoever holds it.
 */
export function useSending(close: () => void): {
  readonly tried: boolean;
  readonly refusal: Refusal | null;
  readonly isBusy: boolean;
  /** For onSubmit. `act` answers why it was refused; undefined: what is typed is not right yet. */
  readonly submit: (act: (() => Promise<RequestError | null>) | undefined) => (event: Event) => void;
} {
  const [tried, setTried] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [isBusy, setBusy] = useState(false);
  const send = async (act: () => Promise<RequestError | null>): Promise<void> => {
    setBusy(true);
    const refused = await act();
    setBusy(false);
    if (refused === null) close();
    else setRefusal(refused.refusal);
  };
  const submit = (act?: () => Promise<RequestError | null>) => (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (act !== undefined) void send(act);
  };
  return {tried, refusal, isBusy, submit};
}
