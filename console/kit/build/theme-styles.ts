import type { Plugin } from 'vite';
import { themeCss } from '../theme-css.ts';

const NAME = 'virtual:millrace-theme.css';

/** Gives `virtual:millrace-theme.css`: the theme's variables as a style sheet of their own. */
export const themeStyles = (): Plugin => ({
	name: 'millrace-theme-styles',
	resolveId: (id) => (id === NAME ? `\0${NAME}` : null),
	load: (id) => (id === `\0${NAME}` ? themeCss() : null),
});
