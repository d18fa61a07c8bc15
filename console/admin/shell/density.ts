const KEY = 'millrace-density';

/** How much room a row has. */
export type Density = 'comfortable' | 'compact';

export const chosenDensity = (): Density => {
	try {
		return localStorage.getItem(KEY) === 'compact' ? 'compact' : 'comfortable';
	} catch {
		// Storage may be forbidden.
		return 'comfortable';
	}
};

/** Shows the density that was chosen on this device. */
export const showDensity = (density = chosenDensity()): void => {
	document.documentElement.dataset.density = density;
};

export const chooseDensity = (density: Density): void => {
	showDensity(density);
	try {
		localStorage.setItem(KEY, density);
	} catch {
		// Then it holds until the page is left.
	}
};
