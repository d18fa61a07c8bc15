import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** The one without windows does the same work in less than half of the time. */
const CHROMIUM =
	process.env.MILLRACE_CHROMIUM ??
	['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find((path) => existsSync(path)) ??
	'/usr/bin/chromium';
const FLAGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

/** Starts the browser that this machine has; null where there is none. */
export const launchChromium = async (flags: readonly string[] = []): Promise<Browser | null> =>
	existsSync(CHROMIUM) ? chromium.launch({ executablePath: CHROMIUM, args: [...FLAGS, ...flags] }) : null;
