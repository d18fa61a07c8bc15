/** Whether a URL's `hostname` means the very machine that asks. */
export const isLoopbackName = (hostname: string): boolean =>
	hostname === 'localhost' ||
	hostname.endsWith('.localhost') ||
	hostname === '[::1]' ||
	/^127(\.\d{1,3}){3}$/.test(hostname);
