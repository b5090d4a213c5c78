import {createServer} from 'node:http';
import type {Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {readConfiguration} from '../../platform/configuration.ts';
import {checkedLookup, post, whyRefused} from '../../platform/outbound.ts';
import type {Resolve} from '../../platform/outbound.ts';

/** Spellings of places that no webhook may reach: each stands for an address of this machine or of its network. */
const REFUSED_URLS = [
  ...['http://127.0.0.1/', 'http://127.1/', 'http://127.255.255.254/', 'http://0.0.0.0/', 'http://0/'],
  ...[
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://017700000001/',
  ],
  ...['http://127。0。0。1/', 'http://①②⑦.⓪.⓪.①/', 'http://127.0.0.1./', 'http://%31%32%37.0.0.1/'],
  ...['http://[::1]/', 'http://[::]/', 'http://[0:0:0:0:0:0:0:1]/', 'http://[::ffff:127.0.0.1]/'],
  ...['http://[::ffff:7f00:1]/', 'http://[::127.0.0.1]/', 'http://[::ffff:0:127.0.0.1]/'],
  ...['http://[64:ff9b::7f00:1]/', 'http://[2002:7f00:1::]/', 'http://[2001::1]/', 'http://[64:ff9b:1::1]/'],
  ...['http://10.0.0.1/', 'http://172.16.0.1/', 'http://172.31.255.255/', 'http://192.168.1.1/'],
  ...['http://[fc00::1]/', 'http://[fd12:3456::1]/', 'http://[::ffff:10.0.0.1]/', 'http://[fec0::1]/'],
  ...['http://169.254.0.1/', 'http://[fe80::1]/'],
  // Metadata services of clouds.
  ...['http://169.254.169.254/latest/meta-data/', 'http://2852039166/', 'http://[fd00:ec2::254]/'],
  ...[
    'http://[::ffff:a9fe:a9fe]/',
    'http://100.100.100.200/',
    'http://192.0.0.192/',
    'http://168.63.129.16/',
  ],
  // Shared, reserved, for tests, to all.
  ...['http://100.64.0.1/', 'http://192.0.2.1/', 'http://198.18.0.1/', 'http://203.0.113.1/'],
  ...['http://224.0.0.1/', 'http://240.0.0.1/', 'http://255.255.255.255/', 'http://[ff02::1]/'],
  ...['http://[2001:db8::1]/', 'http://[100::1]/', 'https://127.0.0.1/', 'http://user:word@127.0.0.1/'],
];
const PUBLIC = ['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:8.8.8.8'];

const request = {headers: {}, body: '{}', timeoutMs: 2000};
const answering =
  (...addresses: readonly string[]): Resolve =>
  (_host, answer) =>
    answer(
      null,
      addresses.map((address) => ({address, family: address.includes(':') ? 6 : 4})),
    );

describe('webhook targets', () => {
  let server: Server;
  let port: number;
  const asked: string[] = [];
  beforeAll(async () => {
    server = createServer((incoming, response) => {
      asked.push(`${incoming.method} ${incoming.url}`);
      if (incoming.url === '/moved') response.writeHead(307, {location: `http://127.0.0.1:${port}/secret`});
      response.end('ok');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ({port} = server.address() as AddressInfo);
  });
  afterAll(() => server.close());

  it.each(REFUSED_URLS)(
    'K1 %s is refused before anything is sent, and the refusal says how to allow it',
    async (url) => {
      const target = new URL(url);
      target.port = String(port);
      await expect(post(target.href, {...request, privateHosts: []})).rejects.toThrow(
        /and requests go to the internet alone; set WEBHOOK_PRIVATE_HOSTS=/,
      );
      expect(asked).toEqual([]);
    },
  );

  it.each(PUBLIC)('K1 %s is an address of the internet', (address) => {
    expect(whyRefused(address)).toBeNull();
  });

  it.each([
    ['localhost', undefined],
    ['erp.example', answering('127.0.0.1')],
    ['erp.example', answering('8.8.8.8', '10.0.0.1')],
    ['erp.example', answering('2606:4700::1111', '::ffff:169.254.169.254')],
    ['erp.example', answering('fe80::1%eth0')],
  ])('K1 a name is refused where any of its addresses is: %s', async (host, resolve) => {
    const names = resolve === undefined ? {} : {resolve};
    await expect(
      post(`http://${host}:${port}/`, {...request, ...names, privateHosts: ['other.example']}),
    ).rejects.toThrow(/WEBHOOK_PRIVATE_HOSTS/);
    expect(asked).toEqual([]);
  });

  it('K1 a name that changes its mind is asked once: the connection gets the very addresses that were checked', async () => {
    let questions = 0;
    const rebinding: Resolve = (host, answer) => {
      questions += 1;
      answering(questions === 1 ? '8.8.8.8' : '127.0.0.1')(host, answer);
    };
    const lookup = checkedLookup(rebinding, whyRefused);
    const connectTo = await new Promise((resolve, reject) =>
      lookup('rebind.example', {all: true}, (error, addresses) =>
        error === null ? resolve(addresses) : reject(error),
      ),
    );
    expect(connectTo).toEqual([{address: '8.8.8.8', family: 4}]);
    expect(questions).toBe(1);
  });

  it('K1 a host that the configuration names is called by name and by address, and no redirect is followed from it', async () => {
    expect(await post(`http://127.0.0.1:${port}/in`, {...request, privateHosts: ['127.0.0.1']})).toBe(200);
    const named = {...request, resolve: answering('127.0.0.1'), privateHosts: ['erp.intern']};
    expect(await post(`http://ERP.intern.:${port}/named`, named)).toBe(200);
    expect(await post(`http://127.0.0.1:${port}/moved`, {...request, privateHosts: ['127.0.0.1']})).toBe(307);
    expect(asked).toEqual(['POST /in', 'POST /named', 'POST /moved']);
    // Allowed is the name, not what it happens to stand for.
    await expect(post(`http://127.0.0.1:${port}/in`, named)).rejects.toThrow(/loopback/);
  });

  it('K1 a private address in WEBHOOK_URL stops the start, unless WEBHOOK_PRIVATE_HOSTS names it', () => {
    const env = {WEBHOOK_URL: 'http://0x7f.1:9000/hook', WEBHOOK_SECRET: Buffer.alloc(24).toString('base64')};
    expect(() => readConfiguration(env)).toThrow(
      'WEBHOOK_URL: 127.0.0.1 is a loopback address; set WEBHOOK_PRIVATE_HOSTS=127.0.0.1 if this host is meant',
    );
    const allowed = readConfiguration({...env, WEBHOOK_PRIVATE_HOSTS: 'erp.intern, 127.0.0.1'});
    expect(allowed.webhookPrivateHosts).toEqual(['erp.intern', '127.0.0.1']);
  });
});
