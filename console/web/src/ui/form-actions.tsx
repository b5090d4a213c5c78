import type {JSX} from 'preact';

/** The foot of a form in a dialog: does it, or leaves it. While it is being done, it cannot be sent twice. */
export function FormActions({
  action,
  isBusy = false,
  close,
}: {
  /** What the button says: 'Roll back'. */
  readonly action: string;
  readonly isBusy?: boolean;
  readonly close: () => void;
}): JSX.Element {
  return (
    <div class="actions">
      <button type="submit" class="main" disabled={isBusy}>
        {isBusy ? 'Working …' : action}
      </button>
      <button type="button" onClick={close}>
        Cancel
      </button>
    </div>
  );
}
