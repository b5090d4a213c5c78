import type {TimeForm} from './instant.ts';

/** Messages in one packet at most; a bus envelope carries 256. */
export const ELEMENTS_MAX = 1000;

interface ProfileBase {
  /** Unique; appears in logs and docs. */
  readonly name: string;
  /** Levels are literal or {named}; {equipmentId} is required, {site} answers on the status topic. */
  readonly topicTemplate: string;
}

/**
 * JSON whose fields sit at fixed paths. A path is keys joined by dots ('data.values'); '' is the element itself.
 * The document is one element or an array of them.
 */
export interface JsonProfile extends ProfileBase {
  readonly format: 'json';
  /** 'by-type': an element with something at paths.type is an event, any other a reading. */
  readonly message: 'reading' | 'event' | 'by-type';
  readonly paths: {
    readonly time: string;
    readonly values: string;
    /** What an event tells beyond type and code sits beside them, here. */
    readonly event: string;
    readonly boot: string;
    readonly seq: string;
    readonly type: string;
  };
  readonly time: TimeForm;
  /** 'received': the time of receipt stands in, and identity is none: at least once. */
  readonly timeMissing: 'reject' | 'received';
  /** Sent name → our name and, where the unit differs, value · scale + offset. */
  readonly signals?: Readonly<
    Record<string, {readonly signal: string; readonly scale?: number; readonly offset?: number}>
  >;
  /** Fields that must have exactly this value, for example {specversion: '1.0'}. */
  readonly expect?: Readonly<Record<string, string>>;
}

/** SenML in JSON (RFC 8428): its records are resolved before they mean anything. */
export interface SenmlProfile extends ProfileBase {
  readonly format: 'senml';
}

export type Profile = JsonProfile | SenmlProfile;

const native: Omit<JsonProfile, 'name' | 'topicTemplate' | 'message'> = {
  format: 'json',
  paths: {time: 'observedAt', values: 'values', event: '', boot: 'boot', seq: 'seq', type: 'type'},
  time: 'iso',
  timeMissing: 'reject',
};

/** Profiles that come with the product; an installation adds its own beside them. docs/equipment.md shows a message of each. */
export const PROFILES: readonly Profile[] = [
  {
    ...native,
    name: 'native-telemetry',
    topicTemplate: 'telemetry/v1/{site}/{equipmentId}',
    message: 'reading',
  },
  {...native, name: 'native-event', topicTemplate: 'event/v1/{site}/{equipmentId}', message: 'event'},
  {
    ...native,
    name: 'flat',
    topicTemplate: 'flat/v1/{site}/{equipmentId}',
    message: 'reading',
    paths: {...native.paths, values: ''},
    timeMissing: 'received',
  },
  {
    ...native,
    name: 'ts-values',
    topicTemplate: 'ts/v1/{site}/{equipmentId}',
    message: 'reading',
    paths: {...native.paths, time: 'ts'},
    time: 'epoch-ms',
  },
  {
    ...native,
    name: 'cloudevents',
    topicTemplate: 'cloudevents/v1/{site}/{equipmentId}',
    message: 'by-type',
    paths: {
      time: 'time',
      values: 'data.values',
      event: 'data',
      boot: 'data.boot',
      seq: 'data.seq',
      type: 'data.type',
    },
    expect: {specversion: '1.0'},
  },
  {name: 'senml', topicTemplate: 'senml/v1/{site}/{equipmentId}', format: 'senml'},
];
