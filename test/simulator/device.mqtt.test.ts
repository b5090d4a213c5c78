import {createServer, type Server} from 'node:net';
import {Aedes} from 'aedes';
import {afterEach, describe, expect, it} from 'vitest';
import {epochMs, type EpochMs} from '../../domain/time.ts';
import {connectGateways, type DeviceClock} from '../../simulator/device.ts';
import type {Emission} from '../../simulator/uplink.ts';
import {TcpProxy, freePort} from '../support/tcp-proxy.ts';

const startAt = epochMs(Date.UTC(2026, 0, 5));
const emissionsOf = (count: number): Emission[] =>
  Array.from({length: count}, (_, i) => ({
    arrivesAt: epochMs(startAt + i),
    topic: `telemetry/v1/SITE-A/M-${i % 7}`,
    payload: JSON.stringify({seq: i}),
    equipmentId: `M-${i % 7}`,
  }));

/** A clock that is always late enough, and remembers what it was asked to wait for. */
class PatientClock implements DeviceClock {
  waitedFor: EpochMs[] = [];
  #now = startAt;
  now(): EpochMs {
    return this.#now;
  }
  async until(at: EpochMs): Promise<void> {
    this.waitedFor.push(at);
    this.#now = at;
  }
}

const cleanUp: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

/** A broker that keeps what it acknowledged, in order of arrival. */
async function broker(
  onPublish: (count: number) => void = () => undefined,
): Promise<{port: number; got: string[]}> {
  const aedes = await Aedes.createBroker();
  const got: string[] = [];
  aedes.authorizePublish = (client, packet, done) => {
    if (client !== null) {
      got.push(`${packet.topic} ${packet.payload.toString()}`);
      onPublish(got.length);
    }
    done(null);
  };
  const server: Server = createServer(aedes.handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUp.push(async () => {
    await new Promise<void>((resolve) => aedes.close(() => resolve()));
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the broker has no port');
  return {port: address.port, got};
}

describe('the gateways of the fleet', () => {
  it('send each message once its time has come, each machine’s in order, and count every PUBACK', async () => {
    const {port, got} = await broker();
    const clock = new PatientClock();
    const gateways = connectGateways({
      url: `mqtt://127.0.0.1:${port}`,
      clock,
      connections: 3,
      inFlightMax: 10,
    });
    const emissions = emissionsOf(500);
    await gateways.send(emissions);
    await gateways.close();
    expect(gateways.counts).toEqual({sent: 500, acked: 500, retried: 0, refused: 0});
    expect(clock.waitedFor).toEqual(emissions.slice(1).map((each) => each.arrivesAt));
    for (const topic of new Set(emissions.map((each) => each.topic))) {
      const sent = emissions.filter((each) => each.topic === topic).map((each) => `${topic} ${each.payload}`);
      expect(got.filter((message) => message.startsWith(`${topic} `))).toEqual(sent);
    }
  });

  it('lose nothing when the line breaks again and again', async () => {
    const cuts = new Set([50, 120, 300]);
    let proxy: TcpProxy | null = null;
    const {port, got} = await broker((count) => {
      if (cuts.delete(count)) proxy!.cut();
    });
    proxy = await TcpProxy.open(() => port);
    cleanUp.push(() => proxy.close());
    const gateways = connectGateways({
      url: `mqtt://127.0.0.1:${proxy.port}`,
      clock: new PatientClock(),
      connections: 2,
      inFlightMax: 20,
    });
    const emissions = emissionsOf(400);
    await gateways.send(emissions);
    await gateways.close();
    expect(cuts.size).toBe(0);
    expect(gateways.counts.acked).toBe(400);
    expect(new Set(got)).toEqual(new Set(emissions.map((each) => `${each.topic} ${each.payload}`)));
  });

  it('give up at once when told to, although no broker ever answered', async () => {
    const port = await freePort(); // nobody listens
    const gateways = connectGateways({
      url: `mqtt://127.0.0.1:${port}`,
      clock: new PatientClock(),
      inFlightMax: 5,
    });
    const sending = gateways.send(emissionsOf(100));
    await gateways.abandon();
    await sending;
    expect(gateways.counts.acked).toBe(0);
    expect(gateways.counts.sent).toBeLessThan(100);
  });
});
