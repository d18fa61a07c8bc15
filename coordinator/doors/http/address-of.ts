import type { FastifyRequest } from 'fastify';

/** From where a request came; IPv4 addresses in IPv6 clothes are written as everywhere else. */
export const addressOf = (request: FastifyRequest): string => request.ip.replace(/^::ffff:(?=\d+\.)/, '');
