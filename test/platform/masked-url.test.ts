import {describe, expect, it} from 'vitest';
import {maskedUrl} from '../../platform/masked-url.ts';

describe('a URL in a log', () => {
  it.each([
    ['postgres://ada:hunter2@db.example:5432/forestock', 'postgres://db.example:5432/forestock'],
    ['postgres://db.example/forestock?user=ada&password=hunter2', 'postgres://db.example/forestock'],
    [
      'postgres://ada:hunter2@db1.example,db2.example/forestock',
      'postgres://db1.example,db2.example/forestock',
    ],
    ['mqtts://gate:hunter2@broker.example:8883', 'mqtts://broker.example:8883'],
    ['wss://hunter2@broker.example/mqtt#hunter2', 'wss://broker.example/[secret]'],
    ['nats://hunter2@bus.example:4222', 'nats://bus.example:4222'],
    ['nats://ada:p%40ss%3Ahunter2@[::1]:4222', 'nats://[::1]:4222'],
    ['https://erp.example/in?key=hunter2', 'https://erp.example/[secret]'],
  ])('%s says where it leads and shows no login', (url, shown) => {
    expect(maskedUrl(url)).toBe(shown);
  });

  it.each(['', 'hunter2', 'mqtt:hunter2', 'postgres:///hunter2'])(
    '%j leads nowhere and is not shown',
    (text) => {
      expect(maskedUrl(text)).toBe('[secret]');
    },
  );
});
