import react from '@vitejs/plugin-react';
import type { UserConfig } from 'vite';
import { compressAssets } from './compress-assets.ts';
import { themeStyles } from './theme-styles.ts';

/** Where a coordinator that is being worked on listens. */
const COORDINATOR = 'http://127.0.0.1:8080';

/** How a set of screens is built: `name` is its folder below console/, and of what is built below dist/console/. */
export const pageBuild = (name: string, base: string, port: number): UserConfig => ({
	root: `console/${name}`,
	base,
	publicDir: '../kit/public',
	plugins: [react(), themeStyles(), compressAssets()],
	build: {
		outDir: `../../dist/console/${name}`,
		emptyOutDir: true,
		target: 'es2022',
		// Data addresses would need an exception in the content security policy for fonts.
		assetsInlineLimit: 0,
		reportCompressedSize: false,
		modulePreload: { polyfill: false },
	},
	worker: { format: 'es' },
	server: {
		port,
		proxy: {
			'/api': COORDINATOR,
			'/readyz': COORDINATOR,
			'/socket.io': { target: COORDINATOR, ws: true },
		},
	},
});
