import { LiveClient } from '../../../shared/client/live-client.ts';
import type { Bridge, DesktopWindow } from '../../bridge.ts';
import { DesktopLive, toldPlace } from './desktop-bridge.ts';

const { origin, host } = window.location;

/** A page speaks to the server that it came from; the browser keeps the session's cookie. */
const inBrowser = (): Bridge => ({
	baseUrl: origin,
	place: { name: host, color: null, isProduction: false, address: origin },
	openLive: (options) => new LiveClient({ ...options, baseUrl: origin, auth: { kind: 'cookie' } }),
	desktop: null,
});

/** The program answers at the page's own origin, in the current coordinator's place, and keeps the session. */
const onDesktop = (desktop: DesktopWindow): Bridge => ({
	baseUrl: origin,
	place: toldPlace(document),
	openLive: (options) => new DesktopLive(desktop, options),
	desktop,
});

export const bridge: Bridge = window.millrace === undefined ? inBrowser() : onDesktop(window.millrace);
