import { z } from 'zod';
import { idSchema } from '../../../../shared/protocol/ids.ts';
import { pageOf, pageQuerySchema } from '../../../../shared/protocol/json.ts';
import {
	type RecipeView,
	recipeDraftSchema,
	recipeRollBackSchema,
	recipeSchema,
	recipeVersionSchema,
} from '../../../../shared/protocol/recipe.ts';
import { type Actor, doerOf } from '../../../accounts/actor.ts';
import { requirePermission, type Verb } from '../../../accounts/permissions.ts';
import type { Recipes } from '../../../recipes/recipes.ts';
import { etagOf, readCondition } from '../../content/content-headers.ts';
import { filingNeeds } from '../filing-needs.ts';
import { idempotencyKeyOf } from '../idempotency-key.ts';
import { type AnyRoute, defineRoute, type RouteContext } from '../route.ts';

const PATH = '/api/v1/recipes';
const params = z.strictObject({ id: idSchema('recipe') });

type Replied = Pick<RouteContext<undefined, undefined, undefined>, 'reply'>;

export const recipeRoutes = ({ recipes }: { recipes: Recipes }): AnyRoute[] => {
	const shown = ({ reply }: Replied, view: RecipeView): RecipeView => {
		reply.header('etag', etagOf(String(view.version)));
		return view;
	};
	/** The recipe, after asking whether the actor may; what one may not see does not exist. */
	const allowed = async (actor: Actor, verb: Verb, id: string): Promise<RecipeView> => {
		const { ownerSeq, recipe } = await recipes.read(id);
		requirePermission(actor, verb, { kind: 'recipe', ownerSeq });
		return recipe;
	};

	return [
		defineRoute({
			method: 'GET',
			path: PATH,
			access: { verb: 'read', kind: 'recipe' },
			summary: 'List one’s own recipes; everybody begins with “Image basics”',
			tag: 'recipes',
			query: pageQuerySchema,
			answers: { 200: pageOf(recipeSchema) },
			handler: async ({ actor, query }) => recipes.list(actor.userSeq, query),
		}),
		defineRoute({
			method: 'POST',
			path: PATH,
			access: { verb: 'write', kind: 'recipe' },
			summary: 'Save steps as a recipe',
			tag: 'recipes',
			body: recipeDraftSchema,
			alsoNeeds: filingNeeds,
			answers: { 201: recipeSchema },
			async handler(context) {
				const { actor, body } = context;
				const made = await recipes.create(actor.userSeq, body, doerOf(actor), idempotencyKeyOf(context));
				context.reply.code(201);
				return shown(context, made);
			},
		}),
		defineRoute({
			method: 'GET',
			path: `${PATH}/:id`,
			access: { verb: 'read', kind: 'recipe' },
			summary: 'One recipe; its entity tag is its version',
			tag: 'recipes',
			params,
			answers: { 200: recipeSchema },
			handler: async (context) => shown(context, await allowed(context.actor, 'read', context.params.id)),
		}),
		defineRoute({
			method: 'PUT',
			path: `${PATH}/:id`,
			access: { verb: 'write', kind: 'recipe' },
			summary: 'Replace a recipe; what is uploaded from now on goes by the new version',
			tag: 'recipes',
			params,
			body: recipeDraftSchema,
			alsoNeeds: filingNeeds,
			answers: { 200: recipeSchema },
			async handler(context) {
				const { actor, body, request } = context;
				const { id } = await allowed(actor, 'write', context.params.id);
				return shown(context, await recipes.change(id, body, readCondition(request.headers), doerOf(actor)));
			},
		}),
		defineRoute({
			method: 'DELETE',
			path: `${PATH}/:id`,
			access: { verb: 'delete', kind: 'recipe' },
			summary: 'Delete a recipe and its triggers; what it has made stays',
			tag: 'recipes',
			params,
			answers: { 204: null },
			async handler({ actor, params: { id }, request, reply }) {
				await allowed(actor, 'delete', id);
				await recipes.remove(id, doerOf(actor), readCondition(request.headers));
				return reply.code(204).send();
			},
		}),
		defineRoute({
			method: 'GET',
			path: `${PATH}/:id/versions`,
			access: { verb: 'read', kind: 'recipe' },
			summary: 'The newest hundred versions of a recipe, the newest first',
			tag: 'recipes',
			params,
			answers: { 200: pageOf(recipeVersionSchema) },
			async handler({ actor, params: { id } }) {
				await allowed(actor, 'read', id);
				return { items: await recipes.versions(id), nextCursor: null };
			},
		}),
		defineRoute({
			method: 'POST',
			path: `${PATH}/:id::roll-back`,
			access: { verb: 'write', kind: 'recipe' },
			summary: 'Make an earlier version of a recipe the newest once more',
			tag: 'recipes',
			params,
			body: recipeRollBackSchema,
			answers: { 200: recipeSchema },
			async handler(context) {
				const { actor, body, request } = context;
				const { id } = await allowed(actor, 'write', context.params.id);
				const condition = readCondition(request.headers);
				return shown(context, await recipes.rollBack(id, body.version, condition, doerOf(actor)));
			},
		}),
	];
};
