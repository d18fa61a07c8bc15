import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compressAssets } from './build/compress-assets.ts';
import { fontForDocs } from './build/font-for-docs.ts';
import { themeStyles } from './build/theme-styles.ts';

/** The portal into dist/console/portal, from where the coordinator serves it. */
export default defineConfig({
	root: 'console/portal',
	base: '/',
	plugins: [react(), themeStyles(), fontForDocs(), compressAssets()],
	build: {
		outDir: '../../dist/console/portal',
		emptyOutDir: true,
		target: 'es2022',
		// Data addresses would need an exception in the content security policy for fonts.
		assetsInlineLimit: 0,
		reportCompressedSize: false,
		modulePreload: { polyfill: false },
	},
	worker: { format: 'es' },
	server: {
		port: 5173,
		proxy: {
			'/api': 'http://127.0.0.1:8080',
			'/readyz': 'http://127.0.0.1:8080',
			'/socket.io': { target: 'http://127.0.0.1:8080', ws: true },
		},
	},
});
