import {once} from 'node:events';
import {createServer} from 'node:net';
import type {AddressInfo} from 'node:net';
import {describe, expect, it} from 'vitest';
import {runCli} from './run-cli.ts';

/** Nothing listens on the first port. */
const DATABASE = 'postgres://forestock:hidden-word@127.0.0.1:1/parts';

/** Of a server that has gone. Ports such as 1 would be refused before anybody is asked. */
async function closedAddress(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const {port} = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}`;
}

describe('what cannot be reached', () => {
  it('a database that is away is named with the next step, without its password and without a stack', async () => {
    for (const command of [['migrate'], ['stock', 'list']]) {
      const {code, stdout, stderr} = await runCli(command, {DATABASE_URL: DATABASE});
      expect({code, stdout, stderr}).toEqual({
        code: 1,
        stdout: '',
        stderr:
          'forestock: database parts at 127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1; start the server, or correct DATABASE_URL\n',
      });
    }
  });

  it('a service that is away is named with what failed; what is no address is wrong usage', async () => {
    const url = await closedAddress();
    expect(await runCli(['stock', 'list', '--url', url], {})).toMatchObject({
      code: 1,
      stderr: `forestock: nothing answers at ${url} (ECONNREFUSED); start the service, or correct --url\n`,
    });
    expect(await runCli(['stock', 'list', '--url', 'nonsense'], {})).toMatchObject({
      code: 2,
      stderr:
        'forestock: --url or FORESTOCK_URL "nonsense" is no address of a service; write http://127.0.0.1:8080\n',
    });
  });
});
