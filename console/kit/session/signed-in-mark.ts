import { bridge } from '../remote/bridge.ts';

const KEY = 'millrace-signed-in';

/**
 * Whether somebody may be signed in here. The cookie cannot be read, and asking the server before anybody has signed
 * in leaves a refusal in the browser's log. Only a hint: where nothing can be remembered, the server is asked.
 */
export const mayBeSignedIn = (): boolean => {
	// There the mark would be one for all coordinators.
	if (bridge.desktop !== null) return true;
	try {
		return localStorage.getItem(KEY) !== null;
	} catch {
		return true;
	}
};

/** Remembers on this device that somebody has signed in, or that nobody is. */
export const markSignedIn = (isIn: boolean): void => {
	try {
		if (isIn) localStorage.setItem(KEY, '1');
		else localStorage.removeItem(KEY);
	} catch {
		// Then the server is asked every time.
	}
};
