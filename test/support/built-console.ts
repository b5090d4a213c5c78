import {build} from 'vite';

/** Vitest's global setup of the browser suites: they open the console as the service serves it. */
export default async function setup(): Promise<void> {
  await build({configFile: 'console/web/vite.config.ts', logLevel: 'warn'});
}
