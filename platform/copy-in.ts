import {Query} from 'pg';
import type {Client} from './pg.ts';

/** What the driver's types leave out. */
interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Uint8Array): void;
  endCopyFrom(): void;
}

/**
 * COPY … FROM STDIN of bytes that are at hand: the command, the rows and their end are sent without waiting for the server to ask for
 * them, so that a COPY can stand among the other statements of `together`. A server that refuses the command or a row passes over
 * what follows of it (PostgreSQL documentation, "COPY Operations" of the frontend/backend protocol).
 *
 * @param command `COPY table (columns) FROM STDIN …`
 * @returns the number of rows.
 */
export function copyIn(client: Client, command: string, bytes: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    // A query with a callback of its own is handed to the driver as it is.
    const copy = new CopyIn(
      command,
      (error: Error | null | undefined, result: {rowCount?: number | null}) => {
        if (error) reject(error);
        else resolve(result.rowCount ?? 0);
      },
    );
    copy.bytes = bytes;
    client.query(copy);
  });
}

class CopyIn extends Query {
  bytes: Uint8Array = new Uint8Array();

  override submit = (connection: unknown): void => {
    const {bytes} = this;
    const to = connection as CopyConnection;
    to.query((this as unknown as {text: string}).text);
    to.sendCopyFromChunk(bytes);
    to.endCopyFrom();
  };

  /** The server asks for rows that are on their way. */
  handleCopyInResponse(): void {}
}
