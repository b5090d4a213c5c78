import {TLSSocket} from 'node:tls';
import type {Client} from 'aedes';
import {isId} from '../../domain/ids.ts';
import {mayBeClient, mayPublish, maySubscribe} from '../core/device-rights.ts';
import type {Device} from '../core/device-rights.ts';
import type {DeviceLogins} from '../ports.ts';

export interface GuardOptions {
  readonly logins: Pick<DeviceLogins, 'holderOf' | 'named'>;
  /** Whether a client without login and certificate may connect and say everything. */
  readonly anonymous: boolean;
  /** Of the profiles in force. */
  readonly templates: () => readonly string[];
}

/** Who is on each connection of the embedded listener, and what it may say and hear. */
export class DeviceGuard {
  readonly #options: GuardOptions;
  /** Null: nobody asked who it is. */
  readonly #devices = new WeakMap<Client, Device | null>();
  /** As the CONNECT packet gave them: aedes makes one up where there is none. */
  readonly #clientIds = new WeakMap<Client, string>();

  constructor(options: GuardOptions) {
    this.#options = options;
  }

  hearClientId(client: Client, clientId: string): void {
    this.#clientIds.set(client, clientId);
  }

  /**
   * Who connects: whom its certificate names, else whom its login does.
   *
   * @returns null where it may connect, else why not
   * @throws what the database throws: it can be asked again
   */
  async admit(client: Client, login: string | undefined, secret: string | undefined): Promise<string | null> {
    const {anonymous, logins} = this.#options;
    const certified = certifiedName(client.conn);
    if (certified === undefined && login === undefined && anonymous) {
      this.#devices.set(client, null);
      return null;
    }
    if (certified !== undefined && login !== undefined && login !== certified)
      return `login ${login} on a certificate of ${certified}`;
    const device =
      certified !== undefined
        ? ((await logins.named(certified)) ?? (isId(certified) ? onlyItself(certified) : null))
        : login === undefined
          ? null
          : await logins.holderOf(login, secret ?? '');
    if (device === null) return login === undefined ? 'no login' : 'unknown login or wrong secret';
    if (!mayBeClient(device, this.#clientIds.get(client) ?? ''))
      return `client id of another than ${device.login}`;
    this.#devices.set(client, device);
    return null;
  }

  mayPublish(client: Client | null, topic: string): boolean {
    const device = this.#deviceOf(client);
    return device === null || mayPublish(device, topic, this.#options.templates());
  }

  maySubscribe(client: Client | null, filter: string): boolean {
    const device = this.#deviceOf(client);
    return device === null || maySubscribe(device, filter);
  }

  /** A connection that was never admitted is nobody, who may nothing. */
  #deviceOf(client: Client | null): Device | null {
    if (client === null) return null; // our own
    const device = this.#devices.get(client);
    return device === undefined ? {login: '', equipmentIds: []} : device;
  }
}

function onlyItself(login: string): Device {
  return {login, equipmentIds: [login]};
}

/** The common name of a certificate that one of our authorities has signed; undefined where there is none. */
function certifiedName(connection: Client['conn']): string | undefined {
  if (!(connection instanceof TLSSocket) || !connection.authorized) return undefined;
  const {subject} = connection.getPeerCertificate();
  const name: unknown = (subject as {readonly CN?: unknown} | undefined)?.CN;
  return typeof name === 'string' ? name : undefined; // several names are none
}
