import { mergeConfig } from 'vite';
import { pageBuild } from '../kit/build/page-build.ts';
import { fontForDocs } from './build/font-for-docs.ts';

/** The portal into dist/console/portal, from where the coordinator serves it. */
export default mergeConfig(pageBuild('portal', '/', 5173), { plugins: [fontForDocs()] });
