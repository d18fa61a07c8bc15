import { judgeImageError, openImage } from './image/open-image.ts';
import { pictureFacts } from './image/picture-facts.ts';
import { onlyInput, type TaskModule } from './task-module.ts';

/** What a picture says of itself; reads headers only. */
export const imagefacts: TaskModule = {
	async run(context) {
		try {
			return pictureFacts(await openImage(onlyInput(context)).metadata());
		} catch (error) {
			throw judgeImageError(error);
		}
	},
};
