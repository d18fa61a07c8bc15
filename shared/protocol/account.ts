import { z } from 'zod';
import { freeNameSchema } from './free-name.ts';
import { idSchema } from './ids.ts';
import { pageQuerySchema } from './json.ts';
import { serviceClassNameSchema } from './service-class-name.ts';
import { instantSchema } from './task.ts';

/** Roles from least to most: a user owns things, an operator also watches and steers work, an administrator also decides. */
export const ROLES = ['user', 'operator', 'administrator'] as const;
export const roleSchema = z.enum(ROLES);
export type Role = z.infer<typeof roleSchema>;

/**
 * What an API token may be used for. `read` and `write` cover files and tasks, `metrics` covers `/metrics` and nothing
 * else, `admin` what the owner's role allows besides files and tasks.
 */
export const TOKEN_SCOPES = ['files:read', 'files:write', 'tasks:read', 'tasks:write', 'metrics', 'admin'] as const;
export const tokenScopeSchema = z.enum(TOKEN_SCOPES);
export type TokenScope = z.infer<typeof tokenScopeSchema>;

export const usernameSchema = z
	.string()
	.regex(/^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,63}$/u, 'letters, digits, . _ @ -; 1 to 64 characters');
/** Never truncated; length is counted in characters. */
export const passwordSchema = z.string().min(8).max(128);

export const userSchema = z.object({
	id: idSchema('user'),
	username: z.string(),
	role: roleSchema,
	disabled: z.boolean(),
	serviceClass: z
		.string()
		.nullable()
		.describe('The service class that was given to this person; null: by group, else the standard one'),
	/** An older coordinator does not tell these two. */
	invited: z
		.boolean()
		.default(false)
		.describe('Has not chosen a password yet: was invited, and the link was not used, or has expired'),
	lastSeenAt: instantSchema.nullable().default(null).describe('To the minute; null: never'),
	createdAt: instantSchema,
	secondFactor: z.boolean().default(false).describe('Whether sign-ins need a code besides the password'),
});
export type UserView = z.infer<typeof userSchema>;

/** What a person's files take: every version counts, and what is in the trash too. Quotas are null where there is none. */
const storageSchema = z.object({
	usedBytes: z.number(),
	files: z.number(),
	quotaBytes: z.number().nullable(),
	quotaFiles: z.number().nullable(),
	/** Nine tenths of a quota are used, or more. */
	nearlyFull: z.boolean(),
});

/** A person as administrators see it. */
export const personViewSchema = userSchema.extend({ storage: storageSchema });
export type PersonView = z.infer<typeof personViewSchema>;

/** What a list of people is narrowed down by; `class`: the one that was given to them. */
export const USER_STATES = ['active', 'invited', 'disabled'] as const;
export const userListQuerySchema = pageQuerySchema.extend({
	name: z.string().max(64).optional().describe('Stands somewhere in the name, in any case'),
	role: roleSchema.optional(),
	class: serviceClassNameSchema.optional(),
	state: z.enum(USER_STATES).optional(),
});
export type UserListQuery = z.infer<typeof userListQuerySchema>;

export const meSchema = z.object({
	id: idSchema('user'),
	username: z.string(),
	role: roleSchema,
	/** How the caller showed who it is. */
	via: z.enum(['session', 'token', 'app-password']),
	scopes: z.array(tokenScopeSchema).nullable(),
	storage: storageSchema,
	/** Nothing else is answered to this session until a second factor is set up. */
	mustEnrol: z.boolean().default(false),
});
export type Me = z.infer<typeof meSchema>;

/** Six digits of an authenticator app, or a recovery code. */
const secondFactorCodeSchema = z.string().min(1).max(64);

export const signInSchema = z.strictObject({
	username: z.string().min(1).max(256),
	password: z.string().min(1).max(1024),
	code: secondFactorCodeSchema.optional().describe('Once `second-factor-required` was answered'),
});
export const sessionConfirmSchema = signInSchema.omit({ username: true });
/** A second factor as its owner sees it. */
export const secondFactorSchema = z.object({
	enabled: z.boolean(),
	since: instantSchema.nullable(),
	recoveryCodesLeft: z.number(),
	required: z.boolean().describe('Whether the role needs one'),
});
export type SecondFactorView = z.infer<typeof secondFactorSchema>;
/** What an authenticator app is given; it counts once a code of it was shown. */
export const begunSecondFactorSchema = z.object({ secret: z.string(), uri: z.string() });
export const secondFactorConfirmSchema = z.strictObject({ code: secondFactorCodeSchema });
/** In this answer and nowhere else. */
export const recoveryCodesSchema = z.object({ recoveryCodes: z.array(z.string()) });
/** Whose sessions need a second factor. */
export const secondFactorRuleSchema = z.strictObject({ roles: z.array(roleSchema).max(ROLES.length) });
export type SecondFactorRule = z.infer<typeof secondFactorRuleSchema>;
export const setupSchema = z.strictObject({
	token: z.string().min(1).max(200),
	username: usernameSchema,
	password: z.string().min(1).max(1024),
});
export const newUserSchema = z.strictObject({
	username: usernameSchema,
	password: z.string().min(1).max(1024),
	role: roleSchema.default('user'),
	serviceClass: serviceClassNameSchema.nullable().optional(),
});
export const newTokenSchema = z.strictObject({
	name: freeNameSchema,
	scopes: z.array(tokenScopeSchema).min(1).optional(),
	expiresAt: instantSchema.optional(),
});
export const madeTokenSchema = z.object({
	id: idSchema('token'),
	token: z.string().min(1),
	expiresAt: instantSchema.nullable().default(null),
});
export const tokenViewSchema = z.object({
	id: idSchema('token'),
	name: z.string(),
	scopes: z.array(tokenScopeSchema),
	createdAt: instantSchema,
	expiresAt: instantSchema.nullable(),
	lastUsedAt: instantSchema.nullable(),
});
export const sessionViewSchema = z.object({
	id: idSchema('session'),
	createdAt: instantSchema,
	lastUsedAt: instantSchema,
	address: z.string(),
	userAgent: z.string(),
	current: z.boolean(),
});
/** What a program with an app password may do with the person's files. */
export const APP_PASSWORD_ACCESSES = ['read-write', 'read-only'] as const;
const appPasswordAccessSchema = z.enum(APP_PASSWORD_ACCESSES);
export type AppPasswordAccess = z.infer<typeof appPasswordAccessSchema>;

export const newAppPasswordSchema = z.strictObject({
	name: freeNameSchema.describe('The machine or program that it is for; no two of a person’s are called the same'),
	access: appPasswordAccessSchema.default('read-write').describe('With read-only nothing can be changed or deleted'),
});
/** Where programs find the person's drive; null: at the address by which the coordinator was asked, below `/dav/files/`. */
const driveUrlSchema = z.url().nullable();

/** One that a token made ends with it; else there is no end. */
const appPasswordEndSchema = instantSchema.nullable().default(null);

/** An app password as it is made: its text is in this answer and nowhere else. */
export const madeAppPasswordSchema = z.object({
	id: idSchema('appPassword'),
	password: z.string().min(1),
	driveUrl: driveUrlSchema,
	expiresAt: appPasswordEndSchema,
});
export const appPasswordViewSchema = z.object({
	id: idSchema('appPassword'),
	name: z.string(),
	access: appPasswordAccessSchema,
	createdAt: instantSchema,
	expiresAt: appPasswordEndSchema,
	lastUsedAt: instantSchema.nullable(),
});
/** All of a person's, with where they are good. */
export const appPasswordListSchema = z.object({
	items: z.array(appPasswordViewSchema),
	nextCursor: z.null(),
	driveUrl: driveUrlSchema,
});
export const passwordChangeSchema = z.strictObject({
	current: z.string().min(1).max(1024),
	new: z.string().min(1).max(1024),
});
export const passwordResetSchema = z.strictObject({ password: z.string().min(1).max(1024) });
/** What an administrator changes of a user; what is left out stays. */
export const userChangeSchema = z.strictObject({
	role: roleSchema.optional(),
	disabled: z.boolean().optional(),
	serviceClass: serviceClassNameSchema.nullable().optional().describe('null: by group, else the standard one'),
});
/** Somebody who will choose a password by a link. */
export const invitationSchema = newUserSchema.omit({ password: true });

export const passwordLinkPurposeSchema = z.enum(['invite', 'reset']);
export type PasswordLinkPurpose = z.infer<typeof passwordLinkPurposeSchema>;

/** A link as it is made. Its token is in this answer and nowhere else. */
export const madePasswordLinkSchema = z.object({
	id: idSchema('user'),
	username: z.string(),
	purpose: passwordLinkPurposeSchema,
	path: z.string().describe('Below the coordinator’s address: where the person chooses a password, once'),
	expiresAt: instantSchema,
});
export type MadePasswordLink = z.infer<typeof madePasswordLinkSchema>;

const linkTokenSchema = z.string().min(1).max(200);
export const passwordLinkReadSchema = z.strictObject({ token: linkTokenSchema });
export const passwordLinkUseSchema = z.strictObject({ token: linkTokenSchema, password: z.string().min(1).max(1024) });
/** Whose link it is, for whoever has it. */
export const passwordLinkViewSchema = z.object({
	username: z.string(),
	purpose: passwordLinkPurposeSchema,
	expiresAt: instantSchema,
});

/** An API token or an app password of somebody. */
export const credentialViewSchema = tokenViewSchema.extend({
	id: z.union([idSchema('token'), idSchema('appPassword')]),
	kind: z.enum(['token', 'app-password']),
});
export type CredentialView = z.infer<typeof credentialViewSchema>;

/** An address from which too many wrong passwords came: an IPv4 address or an IPv6 network. */
export const banViewSchema = z.object({ address: z.string(), bannedAt: instantSchema, until: instantSchema });
