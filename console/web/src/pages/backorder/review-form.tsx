import {useMutation, useQueryClient} from '@tanstack/preact-query';
import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import type {Backorder} from '../../data/backorders.ts';
import {api, ask, RequestError} from '../../data/client.ts';
import {Badge} from '../../ui/figures.tsx';
import {Field, problemAt} from '../../ui/field.tsx';
import {Problem} from '../../ui/form-fields.tsx';
import {Instant} from '../../ui/instant.tsx';
import {notify} from '../../ui/notices.tsx';
import {Empty} from '../../ui/states.tsx';

type Review = NonNullable<Backorder['review']>;
type Words = Readonly<Record<(typeof FIELDS)[number]['name'], string>>;

/** What a review must say before it can be closed (E8). */
const FIELDS = [
  {name: 'cause', label: 'Cause', hint: 'In your words; the tags stay beside it.'},
  {name: 'resolution', label: 'Resolution', hint: 'What ended it, or will.'},
  {name: 'preventiveAction', label: 'Preventive action', hint: 'What keeps it from coming back.'},
  {name: 'owner', label: 'Owner', hint: 'Who sees to the preventive action.'},
  {name: 'actionDueAt', label: 'Due', hint: 'By when it is done.'},
] as const;

/** The review of a long backorder: kept as it is typed, closed once it says everything. */
export function ReviewForm({
  demandId,
  review,
  isRed,
  mayReview,
}: {
  readonly demandId: string;
  readonly review: Review | null;
  readonly isRed: boolean;
  readonly mayReview: boolean;
}): JSX.Element {
  if (review === null)
    return (
      <Empty>
        {isRed
          ? 'It must be reviewed: the review opens in a moment.'
          : 'It is not old enough to be reviewed.'}
      </Empty>
    );
  if (review.closedAt !== null || !mayReview) return <Closed review={review} />;
  return <Form demandId={demandId} review={review} isRed={isRed} />;
}

function Form({
  demandId,
  review,
  isRed,
}: {
  readonly demandId: string;
  readonly review: Review;
  readonly isRed: boolean;
}): JSX.Element {
  const queries = useQueryClient();
  // What the service says later does not touch what is typed.
  const [typed, setTyped] = useState<Words>(() => wordsOf(review));
  const [closing, setClosing] = useState(false);
  const fill = useMutation({
    mutationFn: (close: boolean) =>
      ask(
        api.POST('/api/v1/backorders/{demandId}/review', {
          params: {path: {demandId}},
          body: {...saidIn(typed), close},
        }),
      ),
    onSuccess: ({closedAt}) => {
      notify({tone: 'good', text: closedAt === null ? 'The review is kept.' : 'The review is closed.'});
      void queries.invalidateQueries({queryKey: ['backorders']});
    },
  });
  const refusal = fill.error instanceof RequestError ? fill.error.refusal : null;
  const isBlank = (name: keyof Words): boolean => typed[name].trim() === '';
  const close = (): void => {
    setClosing(true);
    if (!FIELDS.some(({name}) => isBlank(name))) fill.mutate(true);
  };
  const keep = (event: Event): void => {
    event.preventDefault();
    setClosing(false);
    fill.mutate(false);
  };
  return (
    <form onSubmit={keep} noValidate>
      <p>
        {isRed && <Badge tone="bad">not closed yet</Badge>} Opened <Instant at={review.openedAt} />, to be
        closed by <Instant at={review.dueAt} />.
      </p>
      {FIELDS.map(({name, label, hint}) => (
        <Field
          key={name}
          label={label}
          hint={hint}
          problem={
            problemAt(refusal, `body.${name}`) ??
            (closing && isBlank(name) ? 'Say it before the review is closed.' : null)
          }
        >
          {(tie) => (
            <input
              {...tie}
              type={name === 'actionDueAt' ? 'date' : 'text'}
              maxLength={name === 'owner' ? 200 : 2000}
              value={typed[name]}
              onInput={(event) => setTyped({...typed, [name]: event.currentTarget.value})}
            />
          )}
        </Field>
      ))}
      <Problem of={refusal} />
      <div class="actions">
        <button type="submit" disabled={fill.isPending}>
          Keep
        </button>
        <button type="button" class="main" disabled={fill.isPending} onClick={close}>
          Close the review
        </button>
      </div>
    </form>
  );
}

function Closed({review}: {readonly review: Review}): JSX.Element {
  return (
    <>
      {review.closedAt !== null && (
        <p>
          <Badge tone="good">closed</Badge> by {review.closedBy} on <Instant at={review.closedAt} />
        </p>
      )}
      <dl class="figures">
        {FIELDS.map(({name, label}) => (
          <div key={name}>
            <dt>{label}</dt>
            <dd>{wordsOf(review)[name] || '–'}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function wordsOf({cause, resolution, preventiveAction, owner, actionDueAt}: Review): Words {
  return {
    cause: cause ?? '',
    resolution: resolution ?? '',
    preventiveAction: preventiveAction ?? '',
    owner: owner ?? '',
    actionDueAt: actionDueAt?.slice(0, 10) ?? '',
  };
}

/** What was typed; a blank field says nothing. A day is its beginning in UTC. */
function saidIn({actionDueAt, ...texts}: Words) {
  const said = Object.fromEntries(Object.entries(texts).filter(([, text]) => text.trim() !== ''));
  return {...said, ...(actionDueAt === '' ? {} : {actionDueAt: `${actionDueAt}T00:00:00.000Z`})};
}
