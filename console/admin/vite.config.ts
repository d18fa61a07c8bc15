import { defineConfig } from 'vite';
import { pageBuild } from '../kit/build/page-build.ts';

/**
 * The console into dist/console/admin: the coordinator serves it at /console/, and the desktop's window from its own
 * package. Addresses are relative, so that one build does for both.
 */
export default defineConfig(pageBuild('admin', './', 5174));
