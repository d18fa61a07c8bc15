import { LiveClient } from '../../../shared/client/live-client.ts';
import type { Bridge } from '../../bridge.ts';

const { origin, host } = window.location;

/** A page speaks to the server that it came from; the browser keeps the session's cookie. */
export const bridge: Bridge = {
	baseUrl: origin,
	place: { name: host, color: null, isProduction: false },
	openLive: (options) => new LiveClient({ ...options, baseUrl: origin, auth: { kind: 'cookie' } }),
};
