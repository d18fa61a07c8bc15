import { HttpClient } from '../../../shared/client/http-client.ts';
import { bridge } from './bridge.ts';

/** The coordinator, as whoever is signed in. */
export const http = new HttpClient({ baseUrl: bridge.baseUrl, auth: { kind: 'cookie' } });
