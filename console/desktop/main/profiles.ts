import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Profile, ProfileDraft } from '../../bridge.ts';
import { coordinatorUrl } from './address.ts';
import { JsonFile } from './json-file.ts';

const MOST_PROFILES = 50;

const profileFields = {
	name: z.string().trim().min(1, 'Give it a name.').max(60, 'Give it a name of at most 60 letters.'),
	url: z.string().min(1, 'Give its address.').max(500),
	color: z.enum(['indigo', 'teal', 'grape', 'orange']).nullable(),
	isProduction: z.boolean(),
};
export const profileIdSchema = z.string().regex(/^[a-z0-9]{16}$/);
/** What the window may ask to be kept. */
export const profileDraftSchema = z.strictObject({ id: profileIdSchema.nullable(), ...profileFields });
const fileSchema = z.object({
	profiles: z.array(z.object({ id: profileIdSchema, ...profileFields })).max(MOST_PROFILES),
	currentId: profileIdSchema.nullable(),
});

/** The coordinators that are known here, and which one is looked at. */
export class Profiles {
	readonly #file: JsonFile<z.infer<typeof fileSchema>>;

	constructor(path: string, onBroken: (sentence: string) => void) {
		this.#file = new JsonFile({ path, schema: fileSchema, empty: { profiles: [], currentId: null }, onBroken });
	}

	get all(): readonly Profile[] {
		return this.#file.value.profiles;
	}

	get current(): Profile | null {
		return this.all.find(({ id }) => id === this.#file.value.currentId) ?? null;
	}

	/** Throws a sentence when there is no such one. */
	get(id: string): Profile {
		const profile = this.all.find((each) => each.id === id);
		if (profile === undefined) throw new Error('This coordinator is not known here any more.');
		return profile;
	}

	/** Keeps it; `moved` tells that it is another server than before. */
	save(draft: ProfileDraft): { profile: Profile; moved: boolean } {
		const { profiles, currentId } = this.#file.value;
		const id = draft.id ?? randomBytes(8).toString('hex');
		const profile = { ...draft, id, url: coordinatorUrl(draft.url) };
		if (profiles.some((each) => each.id !== id && each.name === profile.name))
			throw new Error(`There is a coordinator of the name ${profile.name} already.`);
		if (draft.id === null) {
			if (profiles.length >= MOST_PROFILES) throw new Error(`No more than ${MOST_PROFILES} coordinators are kept.`);
			this.#file.write({ profiles: [...profiles, profile], currentId });
			return { profile, moved: false };
		}
		const before = this.get(id);
		this.#file.write({ profiles: profiles.map((each) => (each.id === id ? profile : each)), currentId });
		return { profile, moved: new URL(before.url).origin !== new URL(profile.url).origin };
	}

	choose(id: string): Profile {
		const profile = this.get(id);
		this.#file.write({ ...this.#file.value, currentId: id });
		return profile;
	}

	forget(id: string): void {
		const { profiles, currentId } = this.#file.value;
		this.#file.write({
			profiles: profiles.filter((each) => each.id !== id),
			currentId: currentId === id ? null : currentId,
		});
	}
}
