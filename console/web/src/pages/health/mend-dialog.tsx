import {useMutation} from '@tanstack/preact-query';
import type {ComponentChildren, JSX} from 'preact';
import {useState} from 'preact/hooks';
import {Dialog} from '../../ui/dialog.tsx';
import {Field} from '../../ui/field.tsx';
import {FormActions} from '../../ui/form-actions.tsx';
import {notify} from '../../ui/notices.tsx';
import {useMended} from './refresh.ts';

/**
 * Something that was refused, to be corrected and sent again. What is still wrong with it stands beside the text, which stays as it
 * was typed.
 *
 * @param text As it was sent; null where it is no text, and can only be sent as it was.
 * @param resubmit Gets the corrected text, or null for "as it was"; answers what to tell.
 */
export function MendDialog({
  title,
  text,
  about,
  resubmit,
  close,
}: {
  readonly title: string;
  readonly text: string | null;
  readonly about: ComponentChildren;
  readonly resubmit: (corrected: string | null) => Promise<string>;
  readonly close: () => void;
}): JSX.Element {
  const [typed, setTyped] = useState(text);
  const mended = useMended();
  const sending = useMutation({
    mutationFn: () => resubmit(typed === text ? null : typed),
    onSuccess: async (told) => {
      notify({text: told, tone: 'good'});
      close();
      await mended();
    },
  });
  return (
    <Dialog title={title} close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          sending.mutate();
        }}
      >
        {about}
        {typed === null ? (
          <p role={sending.error ? 'alert' : undefined} class={sending.error ? 'problem' : undefined}>
            {sending.error?.message ?? 'Its bytes are no text: it can be sent again as it was.'}
          </p>
        ) : (
          <Field label="As sent; correct it here" problem={sending.error?.message ?? null}>
            {(tie) => (
              <textarea
                {...tie}
                class="code"
                rows={12}
                spellcheck={false}
                value={typed}
                onInput={(event) => setTyped(event.currentTarget.value)}
              />
            )}
          </Field>
        )}
        <FormActions
          action={typed === text ? 'Send again as it was' : 'Send corrected'}
          isBusy={sending.isPending}
          close={close}
        />
      </form>
    </Dialog>
  );
}
