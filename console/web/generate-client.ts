import {writeFileSync} from 'node:fs';
import path from 'node:path';
import openapiTS, {astToString} from 'openapi-typescript';
import type {OpenAPI3} from 'openapi-typescript';
import {openApiOf} from '../api/openapi.ts';
import {DESCRIBED} from '../api/routes.ts';

/** Writes src/data/paths.d.ts: the types of every route, from the document that the service serves. Not committed. */
const document = JSON.parse(
  JSON.stringify(openApiOf(DESCRIBED, {secured: true})),
  // The pages read JSON; a list's other shape, CSV, would make each reply a choice of two.
  (key, value: unknown) => (key === 'text/csv' ? undefined : value),
) as OpenAPI3;
// What has a default may be left out of a request.
const text = astToString(await openapiTS(document, {defaultNonNullable: false}));
writeFileSync(path.join(import.meta.dirname, 'src', 'data', 'paths.d.ts'), text);
