import { serveLedger } from './database/ledger-thread-server.ts';
import { OPERATIONS } from './operations.ts';

serveLedger(OPERATIONS);
