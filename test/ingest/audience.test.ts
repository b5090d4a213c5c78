import {expect, it} from 'vitest';
import {Audience} from '../../ingest/adapters/audience.ts';

it('an audience is known by the first level of its filters, until its last listener has left', () => {
  const audience = new Audience<object>();
  const [one, other] = [{}, {}];
  expect(audience.mayHear('telemetry/v1/AMS/X')).toBe(false);
  audience.join(one, 'status/v1/AMS/X');
  expect(audience.mayHear('telemetry/v1/AMS/X')).toBe(false);
  expect(audience.mayHear('status')).toBe(true);
  audience.join(one, 'status/#');
  audience.join(other, 'status/+');
  audience.leave(one);
  expect(audience.mayHear('status/v1')).toBe(true);
  audience.leave(other);
  expect(audience.mayHear('status/v1')).toBe(false);
  for (const filter of ['#', '+/v1']) {
    audience.join(one, filter);
    expect(audience.mayHear('telemetry/v1/AMS/X')).toBe(true);
    audience.leave(one);
  }
});
