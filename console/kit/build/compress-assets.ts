import { Buffer } from 'node:buffer';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const LEAST_BYTES = 1_024;

/** Lays a .gz and a .br beside every text asset, so that the coordinator spends no time on compressing. */
export const compressAssets = (): Plugin => ({
	name: 'millrace-compress-assets',
	apply: 'build',
	generateBundle: {
		order: 'post',
		handler(_, bundle) {
			for (const file of Object.values(bundle)) {
				if (!/\.(js|css|svg)$/.test(file.fileName)) continue;
				const content = Buffer.from(file.type === 'chunk' ? file.code : file.source);
				if (content.length < LEAST_BYTES) continue;
				const brotli = brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
				this.emitFile({ type: 'asset', fileName: `${file.fileName}.gz`, source: gzipSync(content, { level: 9 }) });
				this.emitFile({ type: 'asset', fileName: `${file.fileName}.br`, source: brotli });
			}
		},
	},
});
