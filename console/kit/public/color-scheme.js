// Runs before anything is painted, so that a dark screen never flashes white. A file of its own: the page's policy
// allows no inline script.
(() => {
	let chosen = null;
	try {
		chosen = localStorage.getItem('millrace-color-scheme');
	} catch {
		// Storage may be forbidden; then the system decides.
	}
	const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
	document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
