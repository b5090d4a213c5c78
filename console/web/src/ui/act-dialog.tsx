import {useMutation} from '@tanstack/preact-query';
import type {ComponentChildren, JSX} from 'preact';
import {useState} from 'preact/hooks';
import {Dialog} from './dialog.tsx';
import {FormActions} from './form-actions.tsx';
import {TextField} from './form-fields.tsx';
import {notify} from './notices.tsx';
import {Failure} from './states.tsx';

/**
 * Asks before something is done that others will see, and for a word why. A refusal stays in the dialog with what was typed.
 *
 * @param act Does it; answers what to tell at the foot of the page.
 */
export function ActDialog({
  title,
  action,
  act,
  close,
  needsReason = true,
  children,
}: {
  readonly title: string;
  /** What the button says: 'Roll back'. */
  readonly action: string;
  readonly act: (reason: string) => Promise<string>;
  readonly close: () => void;
  readonly needsReason?: boolean;
  readonly children?: ComponentChildren;
}): JSX.Element {
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  const doing = useMutation({
    mutationFn: act,
    onSuccess: (text) => {
      notify({text, tone: 'good'});
      close();
    },
  });
  const missing = needsReason && reason.trim() === '';
  return (
    <Dialog title={title} close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(true);
          if (!missing) doing.mutate(reason.trim());
        }}
      >
        {children}
        {needsReason && (
          <TextField
            label="Why"
            hint="Goes on record with your name"
            problem={asked && missing ? 'Say why; whoever reads the record will ask.' : null}
            charsMax={500}
            value={reason}
            set={setReason}
          />
        )}
        {doing.error && <Failure error={doing.error} />}
        <FormActions action={action} isBusy={doing.isPending} close={close} />
      </form>
    </Dialog>
  );
}
