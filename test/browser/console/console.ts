import type { Browser } from 'playwright-core';
import { type Look, Portal, type PortalOptions, type Reachable } from '../portal.ts';

/** The console is for screens from 1,024 pixels on, in both colours. */
export const CONSOLE_LOOKS: readonly Look[] = [
	{ colorScheme: 'light', width: 1440 },
	{ colorScheme: 'dark', width: 1024 },
];

/** The console in a browser, at one of its screens such as `/nodes`, as the administrator sees it. */
export const openConsole = (
	browser: Browser,
	coordinator: Reachable,
	{ at = '/', ...options }: Omit<PortalOptions, 'at'> & { at?: string } = {},
): Promise<Portal> => Portal.open(browser, coordinator, { width: 1440, ...options, at: consolePath(at) });

/** Where a screen of the console is. */
export const consolePath = (screen: string): string => `/console/#${screen}`;
