import type { ServerChoice } from '../settings/connection.ts';

/** What every command about recipes takes. */
export interface RecipeOptions extends ServerChoice {
	json?: boolean;
}
