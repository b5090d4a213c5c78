import type {Json} from './json.ts';
import type {TimeForm} from './instant.ts';
import type {Rejection} from './rejection.ts';

/** One signal as it was sent; the unit only when the message itself names one. */
export interface DraftValue {
  readonly signal: string;
  readonly value: Json | undefined;
  readonly unit?: string;
}

/** The equipment's time as it was sent; undefined when the profile lets the time of receipt stand in. */
export interface DraftTime {
  readonly sent: Json | undefined;
  readonly form: TimeForm;
}

interface DraftOrigin {
  readonly equipmentId: string;
  readonly time: DraftTime | undefined;
  readonly boot: Json | undefined;
  readonly seq: Json | undefined;
}

/** What a payload says, in every profile's case alike, before anything is believed. */
export type Draft =
  | (DraftOrigin & {
      readonly kind: 'reading';
      readonly values: readonly DraftValue[];
      readonly texts?: Json;
      readonly historical?: boolean;
    })
  | (DraftOrigin & {
      readonly kind: 'event';
      readonly type: Json | undefined;
      readonly code: Json | undefined;
      readonly component: Json | undefined;
      readonly serial: Json | undefined;
      /** Everything else the event said. */
      readonly rest: readonly (readonly [key: string, value: Json])[];
    });

/** One message of a packet: a draft, or why there is none. `span` is its place in the text when it can stand alone. */
export type Decoded = (
  | {readonly ok: true; readonly draft: Draft}
  | {readonly ok: false; readonly rejection: Rejection; readonly equipmentId?: string}
) & {readonly span?: readonly [from: number, to: number]};
