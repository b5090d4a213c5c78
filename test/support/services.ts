import {accessSync, constants, readdirSync} from 'node:fs';
import {delimiter, join} from 'node:path';

/** Servers that some tests need and npm does not bring. */
export const SERVICES = {
  mosquitto: {
    program: 'mosquitto',
    debianPackage: 'mosquitto',
    proves: 'the MQTT adapter against a broker of its own',
  },
  nats: {program: 'nats-server', debianPackage: 'nats-server', proves: 'the JetStream bus'},
  chromium: {program: 'chromium', debianPackage: 'chromium', proves: 'the console in a browser'},
  postgresql: {
    program: 'postgres',
    debianPackage: 'postgresql',
    proves: 'the schema on a PostgreSQL that we do not bring',
  },
} as const;

export type Service = keyof typeof SERVICES;

/** The full path of the service's program, or null: `describe.skipIf(findService('nats') === null)(…)`. */
export function findService(service: Service): string | null {
  const {program} = SERVICES[service];
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    '/usr/sbin',
    '/usr/local/sbin',
    ...debianPostgres(),
  ];
  return folders.map((folder) => join(folder, program)).find(isProgram) ?? null;
}

/** Debian keeps each major's server in a folder of its own, outside PATH. Newest first. */
function debianPostgres(): string[] {
  try {
    const majors = readdirSync('/usr/lib/postgresql').sort((a, b) => Number(b) - Number(a));
    return majors.map((major) => `/usr/lib/postgresql/${major}/bin`);
  } catch {
    return [];
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
