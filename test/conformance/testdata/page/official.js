// The official client. It is bundled when the test runs.
import { invokeRemote, requestRemote } from '@forge/bridge';

globalThis.official = { invokeRemote, requestRemote };
