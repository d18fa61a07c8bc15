import { serveSmallWriter } from './files/small-writer-server.ts';

serveSmallWriter();
