import { HttpClient } from '../../../shared/client/http-client.ts';

/** The portal speaks to the server that it came from; the browser keeps the session's cookie. */
export const http = new HttpClient({ baseUrl: window.location.origin, auth: { kind: 'cookie' } });
