import { HttpClient } from '../../../shared/client/http-client.ts';
import { askFreshAuth } from '../session/ask-fresh-auth.ts';
import { bridge } from './bridge.ts';

/** The coordinator, as whoever is signed in. */
export const http = new HttpClient({ baseUrl: bridge.baseUrl, auth: { kind: 'cookie' }, confirm: askFreshAuth });
