/** A closed range of sequence numbers that were never heard. */
export interface Gap {
  readonly first: number;
  readonly last: number;
}

/** What was heard of one boot of one equipment: [first, last] without the gaps. */
export interface SequenceState {
  readonly first: number;
  readonly last: number;
  readonly gaps: readonly Gap[];
}

export type Heard = 'new' | 'repeat';

/**
 * Marks one sequence number as heard.
 *
 * Example: state 1..5 hears 8 → 1..8 with gap 6..7; then hears 7 → gap 6..6.
 */
export function hear(
  state: SequenceState | undefined,
  seq: number,
): {readonly heard: Heard; readonly state: SequenceState} {
  if (state === undefined) return {heard: 'new', state: {first: seq, last: seq, gaps: []}};
  if (seq > state.last) {
    const gaps =
      seq === state.last + 1 ? state.gaps : [...state.gaps, {first: state.last + 1, last: seq - 1}];
    return {heard: 'new', state: {first: state.first, last: seq, gaps}};
  }
  if (seq < state.first) {
    const gaps =
      seq === state.first - 1 ? state.gaps : [{first: seq + 1, last: state.first - 1}, ...state.gaps];
    return {heard: 'new', state: {first: seq, last: state.last, gaps}};
  }
  const at = state.gaps.findIndex((gap) => gap.first <= seq && seq <= gap.last);
  if (at < 0) return {heard: 'repeat', state};
  const {first, last} = state.gaps[at]!;
  const rest = [
    {first, last: seq - 1},
    {first: seq + 1, last},
  ].filter((gap) => gap.first <= gap.last);
  return {
    heard: 'new',
    state: {...state, gaps: [...state.gaps.slice(0, at), ...rest, ...state.gaps.slice(at + 1)]},
  };
}
