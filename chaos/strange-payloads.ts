import {SIGNAL} from './fleet.ts';

/** Nested this deep, a payload of 100 KB overflows the stack of a parser that recurses. */
const DEPTH = 50_000;

/** What a firmware that nobody announced might send: each must become a dead letter with its reason, and stop nobody else. */
export function strangePayloads(boot: number, machine: number): string[] {
  const observedAt = new Date(boot * 1000).toISOString();
  const of = (body: object): string => JSON.stringify({...body, from: [boot, machine]});
  return [
    of({observedAt, values: {vibration: 4.2}}), // a signal by another name
    of({observedAt, values: {[SIGNAL]: '4.2'}}), // a number that has become a text
    of({version: 2, time: observedAt, readings: [{name: SIGNAL, value: 4.2}]}), // another schema altogether
    of({observedAt: boot, values: {[SIGNAL]: 4.2}}), // seconds where milliseconds were agreed
    `{"from":[${boot},${machine}],"observedAt":"${observedAt}","values":{"${SIGNAL}":4.2`, // cut off
    `{"from":[${boot},${machine}],"deep":${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}}`,
  ];
}
