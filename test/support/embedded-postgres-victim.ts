import {startEmbeddedPostgres} from '../../platform/embedded-postgres.ts';
import {silentLogger} from '../../platform/log.ts';

/** A process for tests to kill: starts the database under the given folder, says where, and waits for its end. */
const {ownerUrl} = await startEmbeddedPostgres({dataDir: process.argv[2]!, log: silentLogger()});
process.stdout.write(ownerUrl);
process.stdin.resume();
