import { detectFile } from './mimetype/detect-file.ts';
import { onlyInput, type TaskModule } from './task-module.ts';

/** The media type by content, never by name: `{mimetype}`, as `file --mime-type` says it of ordinary documents. */
export const mimetype: TaskModule = {
	async run(context) {
		const { mimetype: found } = await detectFile(onlyInput(context).path);
		return { mimetype: found };
	},
};
